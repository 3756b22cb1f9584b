package killtest

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// What tells a child what it is: the folder to work on, and the number of its life.
const (
	folderVariable = "KILLTEST_FOLDER"
	roundVariable  = "KILLTEST_ROUND"
)

// Folder is the folder that this process is to work on until it is killed, and the number of its life; ok is
// false in the process that kills.
func Folder() (dir string, round int, ok bool) {
	dir = os.Getenv(folderVariable)
	round, err := strconv.Atoi(os.Getenv(roundVariable))
	return dir, round, dir != "" && err == nil
}

// Child runs the calling test again as a child that works on dir, kills it once it has said n lines, and hands
// over every line that it has said, those too that came before the kill had its effect. A line ends with a
// dot, which is taken off; without one the kill has cut it short, and it says nothing.
func Child(t *testing.T, dir string, round, n int, hear func(line string)) {
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
		if line, whole := strings.CutSuffix(lines.Text(), "."); whole {
			hear(line)
		}
		if n--; n == 0 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if n > 0 {
		t.Fatalf("round %d: the child ended by itself", round)
	}
}
