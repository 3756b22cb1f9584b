package node

import (
	"errors"
	"net/netip"
	"strings"
)

// Proxies are the networks of trusted load balancers. The node accepts the client address that these report.
type Proxies []netip.Prefix

// UnmarshalText parses a comma-separated list of addresses and networks. It ignores the host bits of a network.
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

// parseNetwork parses a network, or an address as a network of one host. An IPv4-mapped IPv6 address becomes an IPv4
// address, because peer addresses are compared in this form.
func parseNetwork(word string) (netip.Prefix, error) {
	if network, err := netip.ParsePrefix(word); err == nil {
		return network.Masked(), nil
	}
	ip, err := netip.ParseAddr(word)
	if err != nil || ip.Zone() != "" {
		return netip.Prefix{}, errors.New("neither an address nor a network")
	}
	ip = ip.Unmap()
	return netip.PrefixFrom(ip, ip.BitLen()), nil
}
