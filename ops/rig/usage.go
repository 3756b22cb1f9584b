package rig

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is what /proc counts processor time in: USER_HZ, 100 on every Linux that Go runs on.
const tick = time.Second / 100

var errProc = errors.New("not as /proc should be")

// A Usage is what a process has used so far, or several together.
type Usage struct {
	CPU    time.Duration
	Memory int64 // bytes that are resident now
}

// Of is the usage of the programs together.
func Of(programs ...*Program) (Usage, error) {
	var sum Usage
	for _, p := range programs {
		u, err := usage(p.PID())
		if err != nil {
			return Usage{}, fmt.Errorf("usage of %s: %w", p.Name, err)
		}
		sum.CPU += u.CPU
		sum.Memory += u.Memory
	}
	return sum, nil
}

func usage(pid int) (Usage, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return Usage{}, err
	}
	cpu, err := parseStat(string(stat))
	if err != nil {
		return Usage{}, err
	}
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return Usage{}, err
	}
	pages, err := parseStatm(string(statm))
	return Usage{cpu, pages * int64(os.Getpagesize())}, err
}

// parseStat reads utime and stime, fields 14 and 15. The name, field 2, is in brackets and may hold
// anything, so fields are counted from its end.
func parseStat(text string) (time.Duration, error) {
	const utime, stime = 14 - 3, 15 - 3
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) <= stime {
		return 0, errProc
	}
	user, err1 := strconv.ParseInt(fields[utime], 10, 64)
	system, err2 := strconv.ParseInt(fields[stime], 10, 64)
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// parseStatm reads how many pages are resident, field 2.
func parseStatm(text string) (int64, error) {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return 0, errProc
	}
	return strconv.ParseInt(fields[1], 10, 64)
}
