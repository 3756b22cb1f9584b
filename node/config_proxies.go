package node

import (
	"errors"
	"net/netip"
	"strings"
)

// Proxies are the networks of load balancers that are believed who connects through them.
type Proxies []netip.Prefix

// UnmarshalText reads a comma-separated list of addresses and networks. Bits of a network beyond its
// length are ignored, as they are in routes.
func (p *Proxies) UnmarshalText(text []byte) error {
	var all Proxies
	for _, word := range strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == ' ' }) {
		network, err := parseNetwork(word)
		if err != nil {
			return errors.New("must be addresses or networks such as 10.0.0.0/8, separated by commas")
		}
		all = append(all, network)
	}
	*p = all
	return nil
}

// parseNetwork reads a network, or an address as the network of itself. An IPv4 address that is
// written as an IPv6 one is the IPv4 one: peers are compared as such.
func parseNetwork(word string) (netip.Prefix, error) {
	if network, err := netip.ParsePrefix(word); err == nil {
		return network.Masked(), nil
	}
	ip, err := netip.ParseAddr(word)
	if err != nil || ip.Zone() != "" {
		return netip.Prefix{}, errors.New("no address and no network")
	}
	ip = ip.Unmap()
	return netip.PrefixFrom(ip, ip.BitLen()), nil
}
