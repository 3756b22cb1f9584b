package process

import (
	"reflect"
)

// Unknown counts a message that the actor does not handle, and logs each type once per kind. It is the default case of
// every type switch over messages. Lifecycle messages are exempt, because an actor may ignore them.
func (p *Process) Unknown(msg any) {
	switch msg.(type) {
	case Started, Recovered, Stopped:
		return
	}
	p.kind.Unknown.Add(1)
	t := reflect.TypeOf(msg)
	if _, logged := p.kind.unknown.LoadOrStore(t, nil); !logged {
		p.Sys.Log.Warn().Str("actor", p.pid.ID).Stringer("type", t).Msg("unknown message dropped")
	}
}
