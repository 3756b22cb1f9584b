package ws

import (
	"net/http"
	"net/netip"
	"strings"
)

// remoteIP returns the address of the client: the peer, or the nearest untrusted address in X-Forwarded-For if the
// peer is a trusted proxy. It returns the zero Addr if the peer has no address (Unix socket).
func remoteIP(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	ip := peer.Addr().Unmap().WithZone("")
	if !inAny(ip, trusted) {
		return ip
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, ok := parseHop(hops[i])
		if !ok { // entries to the left cannot be trusted, either
			return ip
		}
		if ip = hop; !inAny(ip, trusted) {
			return ip
		}
	}
	return ip
}

// parseHop parses one entry of X-Forwarded-For. Some proxies add the port.
func parseHop(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip.Unmap().WithZone(""), true
	}
	ap, err := netip.ParseAddrPort(s)
	return ap.Addr().Unmap().WithZone(""), err == nil
}

func inAny(ip netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// slotKey returns the key for MAX_CONNECTIONS_PER_IP. IPv6 clients are counted by /64, because one client usually
// controls the whole prefix.
func slotKey(ip netip.Addr) netip.Addr {
	if !ip.Is6() {
		return ip
	}
	p, err := ip.Prefix(64)
	if err != nil {
		return ip
	}
	return p.Addr()
}
