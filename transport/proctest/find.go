package proctest

import (
	"fmt"
	"os/exec"
)

// Find returns the path of a program. It also looks in /usr/sbin, which is not in the PATH of every user. The error
// has the line that installs the Debian package.
func Find(name, pkg string) (string, error) {
	for _, candidate := range []string{name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not installed: apt-get install -y --no-install-recommends %s", name, pkg)
}
