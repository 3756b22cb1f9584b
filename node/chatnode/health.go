package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"chatnode/node"
)

// healthCommand asks a running node whether it may take traffic.
type healthCommand struct {
	URL     string        `name:"url" placeholder:"URL" help:"What to ask; by default /readyz of the node at HOST and PORT."`
	Timeout time.Duration `default:"3s" min:"1ms" max:"1m" help:"How long to wait for the answer."`
	Host    string        `var:"HOST" default:"0.0.0.0" help:"Address that the node listens on."`
	Port    int           `var:"PORT" default:"3001" min:"1" max:"65535" help:"Port that the node listens on."`
	TLSCert string        `var:"TLS_CERT" placeholder:"FILE" help:"The node's certificate, if it speaks TLS: no other is accepted."`
}

// maxAnswer is how much of an answer is shown.
const maxAnswer = 4 << 10

// Run implements the command.
func (h *healthCommand) Run(ctx context.Context, w *environment, loader *node.Loader) error {
	if err := loader.Problems(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, h.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.address(), nil)
	if err != nil {
		return usageError{errors.New("--url must be an http or https URL")}
	}
	transport, err := h.transport()
	if err != nil {
		return err
	}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return fmt.Errorf("ask the node: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the node's answer: %w", err)
	}
	_, _ = fmt.Fprintf(w.stdout, "%s\n", bytes.TrimSpace(body)) // the exit code is what counts
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the node is not ready: %s", resp.Status)
	}
	return nil
}

// address is the URL to ask. A node that listens everywhere is asked at the loopback address.
func (h *healthCommand) address() string {
	if h.URL != "" {
		return h.URL
	}
	host, scheme := h.Host, "http"
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
		if ip.To4() == nil {
			host = "::1"
		}
	}
	if h.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(h.Port)) + "/readyz"
}

// transport trusts the node's own certificate and no other: it is not made out for the loopback
// address, so its name cannot be checked. With --url the usual checks hold.
func (h *healthCommand) transport() (*http.Transport, error) {
	t := &http.Transport{DisableKeepAlives: true}
	if h.TLSCert == "" || h.URL != "" {
		return t, nil
	}
	file, err := os.ReadFile(h.TLSCert)
	if err != nil {
		return nil, fmt.Errorf("read TLS_CERT: %w", err)
	}
	block, _ := pem.Decode(file)
	if block == nil {
		return nil, errors.New("read TLS_CERT: it holds no certificate")
	}
	t.TLSClientConfig = &tls.Config{
		InsecureSkipVerify: true, // replaced by the comparison below
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			if len(raw) == 0 || !bytes.Equal(raw[0], block.Bytes) {
				return errors.New("the node's certificate is not the one in TLS_CERT")
			}
			return nil
		},
	}
	return t, nil
}
