package ws

import (
	"errors"
	"net/http"
	"net/netip"

	"chatnode/actors/chat"
)

// admittedRequest is a request that passed every check, holding a slot.
type admittedRequest struct {
	arrival  chat.ConnectRequest
	ip       netip.Addr
	greeting *upgradeResponse
}

// checkRequest checks a request in the order of Refusal. It takes a slot; where it refuses, it has given it back.
// A request that asks for no upgrade is told so last: a browser cannot see why its WebSocket was
// refused, and may ask the same by an ordinary request.
func (e *Server) checkRequest(r *http.Request) (*admittedRequest, *refused) {
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
	v := &admittedRequest{ip: ip}
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
func (e *Server) identify(r *http.Request, v *admittedRequest) *refused {
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
	v.arrival = chat.ConnectRequest{Identity: id}
	if v.ip.IsValid() {
		v.arrival.RemoteIP = v.ip.String()
	}
	if why, ok := parseQuery(r.URL.RawQuery, &v.arrival); !ok {
		return &refused{why: why}
	}
	v.greeting = newGreeting(r.Header, cookie, e.opt.Compression)
	return nil
}
