package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// node is one address to connect to.
type node struct {
	scheme string // ws or wss
	host   string // host:port
}

// source is one address to connect from.
type source struct{ *net.TCPAddr }

const maxSources = 1 << 16

// parseNodes reads the list of -addr. Without remote each must be on this machine.
func parseNodes(list string, remote bool) ([]node, error) {
	var nodes []node
	var errs []error
	for text := range strings.SplitSeq(list, ",") {
		n, err := parseNode(strings.TrimSpace(text))
		if err == nil && !remote {
			err = n.mustBeLocal()
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("-addr: %w", err))
		}
		nodes = append(nodes, n)
	}
	return nodes, errors.Join(errs...)
}

func parseNode(text string) (node, error) {
	if !strings.Contains(text, "://") {
		text = "ws://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return node{}, err // the error names the address
	}
	if u.Scheme != "ws" && u.Scheme != "wss" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return node{}, fmt.Errorf("%q is not host:port, ws://host:port or wss://host:port", text)
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"ws": "80", "wss": "443"}[u.Scheme]
	}
	return node{u.Scheme, net.JoinHostPort(u.Hostname(), port)}, nil
}

func (n node) mustBeLocal() error {
	host, _, err := net.SplitHostPort(n.host)
	if err != nil {
		return err // the error names the address
	}
	ips, err := net.LookupIP(host)
	if err != nil {
		return fmt.Errorf("look up %s: %w", host, err)
	}
	for _, ip := range ips {
		if !ip.IsLoopback() {
			return fmt.Errorf("%s is not on this machine; with -allow-remote it may be elsewhere", n.host)
		}
	}
	return nil
}

// parseSources reads -sources: "", one address, or the first and last of a range.
func parseSources(text string) ([]source, error) {
	if text == "" {
		return nil, nil
	}
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	from, err := netip.ParseAddr(first)
	if err != nil {
		return nil, fmt.Errorf("-sources: %w", err)
	}
	to, err := netip.ParseAddr(last)
	if err != nil {
		return nil, fmt.Errorf("-sources: %w", err)
	}
	if from.Compare(to) > 0 || from.BitLen() != to.BitLen() {
		return nil, fmt.Errorf("-sources: %s is not before %s", from, to)
	}
	var all []source
	for a := from; a.Compare(to) <= 0; a = a.Next() {
		if len(all) == maxSources {
			return nil, fmt.Errorf("-sources: more than %d addresses", maxSources)
		}
		all = append(all, source{net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, 0))})
	}
	return all, nil
}
