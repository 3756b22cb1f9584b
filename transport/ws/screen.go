package ws

import (
	"errors"
	"net/http"
	"net/netip"

	"chatnode/actors/chat"
)

// visitor is a request that passed every check, holding a slot.
type visitor struct {
	arrival  chat.Arrival
	ip       netip.Addr
	greeting *greeting
}

// screen checks a request in the order of Refusal. It takes a slot; where it refuses, it has given it back.
// A request that asks for no upgrade is told so last: a browser cannot see why its WebSocket was
// refused, and may ask the same by an ordinary request.
func (e *Edge) screen(r *http.Request) (*visitor, *refused) {
	handshake, ok := checkHandshake(r)
	if !ok && handshake != RefusedUpgrade {
		return nil, &refused{why: handshake}
	}
	if e.slots.isDraining() {
		return nil, &refused{why: RefusedShutdown}
	}
	if !e.opt.AllowOrigin(r) {
		return nil, &refused{why: RefusedOrigin}
	}
	ip := remoteIP(r, e.opt.TrustedProxies)
	if why, free := e.slots.take(ip); !free {
		return nil, &refused{why: why}
	}
	kept := false
	defer func() { // also when Authenticate or Banned panics
		if !kept {
			e.slots.free(ip)
		}
	}()
	v := &visitor{ip: ip}
	if no := e.identify(r, v); no != nil {
		return nil, no
	}
	if !ok {
		return nil, &refused{why: handshake}
	}
	kept = true
	return v, nil
}

// identify finds out who it is and what they want.
func (e *Edge) identify(r *http.Request, v *visitor) *refused {
	id, cookie, err := e.opt.Authenticate(r)
	switch {
	case errors.Is(err, ErrAuthUnavailable):
		return &refused{why: RefusedAuthDown, cause: err}
	case err != nil:
		return &refused{why: RefusedAuth, cause: err}
	}
	if reason, banned := e.opt.Banned(id.UserID); banned {
		return &refused{why: RefusedBanned, detail: reason}
	}
	v.arrival = chat.Arrival{Identity: id}
	if v.ip.IsValid() {
		v.arrival.RemoteIP = v.ip.String()
	}
	if why, ok := readQuery(r.URL.RawQuery, &v.arrival); !ok {
		return &refused{why: why}
	}
	v.greeting = newGreeting(r.Header, cookie, e.opt.Compression)
	return nil
}
