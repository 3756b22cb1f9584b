package ws

import (
	"errors"
	"net/http"
	"net/netip"

	"chatnode/actors/chat"
)

// admittedRequest is a request that has passed all checks and occupies a slot.
type admittedRequest struct {
	connect  chat.ConnectRequest
	ip       netip.Addr
	response *upgradeResponse
}

// checkRequest checks a request in the order of Refusal. It takes a slot, and frees it if it rejects the request. It
// rejects a request without upgrade headers last. A browser cannot see why its WebSocket was rejected, and may repeat
// the checks with an ordinary request.
func (srv *Server) checkRequest(r *http.Request) (*admittedRequest, *rejection) {
	handshake, ok := checkHandshake(r)
	if !ok && handshake != RefusedUpgrade {
		return nil, &rejection{reason: handshake}
	}
	if srv.slots.isDraining() {
		return nil, &rejection{reason: RefusedShutdown}
	}
	if !srv.opt.AllowOrigin(r) {
		return nil, &rejection{reason: RefusedOrigin}
	}
	ip := remoteIP(r, srv.opt.TrustedProxies)
	if reason, ok := srv.slots.take(ip); !ok {
		return nil, &rejection{reason: reason}
	}
	admitted := false
	defer func() { // also if Authenticate or Banned panics
		if !admitted {
			srv.slots.free(ip)
		}
	}()
	v := &admittedRequest{ip: ip}
	if no := srv.identify(r, v); no != nil {
		return nil, no
	}
	if !ok {
		return nil, &rejection{reason: handshake}
	}
	admitted = true
	return v, nil
}

// identify authenticates the client, and determines its address and room.
func (srv *Server) identify(r *http.Request, v *admittedRequest) *rejection {
	id, cookie, err := srv.opt.Authenticate(r)
	switch {
	case errors.Is(err, ErrAuthUnavailable):
		return &rejection{reason: RefusedAuthDown, cause: err}
	case err != nil:
		return &rejection{reason: RefusedAuth, cause: err}
	}
	if reason, banned := srv.opt.Banned(id.UserID); banned {
		return &rejection{reason: RefusedBanned, detail: reason}
	}
	v.connect = chat.ConnectRequest{Identity: id}
	if v.ip.IsValid() {
		v.connect.RemoteIP = v.ip.String()
	}
	if reason, ok := parseQuery(r.URL.RawQuery, &v.connect); !ok {
		return &rejection{reason: reason}
	}
	v.response = newUpgradeResponse(r.Header, cookie, srv.opt.Compression)
	return nil
}
