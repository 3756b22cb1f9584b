package killtest

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// Environment variables of a child process: its folder, and the number of its run.
const (
	folderVariable = "KILLTEST_FOLDER"
	roundVariable  = "KILLTEST_ROUND"
)

// Folder returns the folder on which this process must work until it is killed, and the number of its run. ok is false
// in the parent process.
func Folder() (dir string, round int, ok bool) {
	dir = os.Getenv(folderVariable)
	round, err := strconv.Atoi(os.Getenv(roundVariable))
	return dir, round, dir != "" && err == nil
}

// Child runs the calling test again as a child process that works on dir. It kills the child after n lines of output,
// and calls onLine with every line, including the lines written between the n-th line and the kill. A line must end
// with a dot, which Child removes. Lines without a dot are incomplete because of the kill, and are ignored.
func Child(t *testing.T, dir string, round, n int, onLine func(line string)) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), folderVariable+"="+dir, roundVariable+"="+strconv.Itoa(round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if line, complete := strings.CutSuffix(lines.Text(), "."); complete {
			onLine(line)
		}
		if n--; n == 0 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // always fails, because the child is killed
	if n > 0 {
		t.Fatalf("round %d: the child exited before the kill", round)
	}
}
