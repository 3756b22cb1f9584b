package main

import (
	"testing"
	"time"
)

func TestRunFindsPlantedFaults(t *testing.T) {
	tests := []struct {
		misdeed misdeed
		at      int // of 40 messages
		want    func(f faults) bool
	}{
		{dropToOne, 20, func(f faults) bool { return f.Missed == 1 && f.Lost+f.Doubled+f.Repeated+f.Disorder == 0 }},
		{dropToOne, 40, func(f faults) bool { return f.Behind == 1 && f.Missed+f.Lost == 0 }},
		{dropToAll, 20, func(f faults) bool { return f.Lost == 1 && f.Missed == 4 }},
		{dropToAll, 40, func(f faults) bool { return f.Lost == 1 && f.Behind == 4 }},
		{showTwice, 20, func(f faults) bool { return f.Repeated == 1 && f.Missed+f.Lost+f.Doubled == 0 }},
		{swapWithNext, 20, func(f faults) bool { return f.Disorder == 1 && f.Missed+f.Lost+f.Repeated == 0 }},
		{storeTwice, 20, func(f faults) bool { return f.Doubled == 1 && f.Missed+f.Repeated == 0 }},
		{neverAckTwice, 20, func(f faults) bool { return f.Doubled == 1 && f.Missed+f.Repeated == 0 }},
		{garble, 20, func(f faults) bool { return f == faults{Malformed: 1} }},
	}
	for _, test := range tests {
		t.Run(string(test.misdeed), func(t *testing.T) {
			t.Parallel()
			o := loadtest(t, startFake(t, test.misdeed, test.at), "-n", "4", "-rooms", "1", "-rate", "200", "-duration", "200ms", "-drain", "2s")
			if o.code != exitFailed || o.report.OK || !test.want(o.report.Faults) {
				t.Errorf("exit %d, %+v\n%s", o.code, o.report.Faults, o.out)
			}
		})
	}
}

func TestRunAcceptsCorrectNode(t *testing.T) {
	tests := []struct {
		misdeed misdeed
		want    func(r report) bool
	}{
		{asPromised, func(r report) bool { return r.Connections.Reconnects == 0 && r.Messages.Retries == 0 }},
		{neverAck, func(r report) bool { return r.Connections.Reconnects == 1 && r.Messages.Duplicates == 1 }},
		{shutDown, func(r report) bool {
			return r.Connections.Reconnects == 4 && r.Connections.Recovered == 4 && r.Events["closed with 1001"] == 4
		}},
	}
	for _, test := range tests {
		t.Run(string(test.misdeed), func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			o := loadtest(t, startFake(t, test.misdeed, 20), "-n", "4", "-rooms", "1", "-rate", "200", "-duration", "200ms")
			wantClean(t, o, 40, 160)
			if !test.want(o.report) {
				t.Errorf("%+v\n%+v\n%v", o.report.Connections, o.report.Messages, o.report.Events)
			}
			if took := time.Since(begin); test.misdeed == asPromised && took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// In a closed loop each of the four senders has two messages in flight, and all messages are checked.
func TestClosedLoopFindsFaults(t *testing.T) {
	tests := []struct {
		misdeed misdeed
		want    func(f faults) bool
	}{
		{asPromised, func(f faults) bool { return f == faults{} }},
		{dropToAll, func(f faults) bool { return f.Lost == 1 && f.Missed == 4 }},
		{storeTwice, func(f faults) bool { return f.Doubled == 1 && f.Missed+f.Lost == 0 }},
	}
	for _, test := range tests {
		t.Run(string(test.misdeed), func(t *testing.T) {
			t.Parallel()
			o := loadtest(t, startFake(t, test.misdeed, 20), "-n", "4", "-rooms", "1", "-outstanding", "2", "-duration", "200ms", "-drain", "2s")
			m := o.report.Messages
			if !test.want(o.report.Faults) || m.Sent < 40 || m.Acked != m.Sent || o.report.Ack.Count != m.Sent {
				t.Errorf("exit %d, %+v, %+v\n%s", o.code, o.report.Faults, m, o.out)
			}
		})
	}
}
