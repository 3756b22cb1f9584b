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

// healthCommand checks whether a running node is ready.
type healthCommand struct {
	URL     string        `name:"url" placeholder:"URL" help:"URL to request. Default: /readyz of the node at HOST and PORT."`
	Timeout time.Duration `default:"3s" min:"1ms" max:"1m" help:"Maximum time to wait for the response."`
	Host    string        `var:"HOST" default:"0.0.0.0" help:"Address of the node."`
	Port    int           `var:"PORT" default:"3001" min:"1" max:"65535" help:"Port of the node."`
	TLSCert string        `var:"TLS_CERT" placeholder:"FILE" help:"Certificate of the node, if it uses TLS. No other certificate is accepted."`
}

// maxBodyBytes is the maximum number of bytes of the response that are printed.
const maxBodyBytes = 4 << 10

// Run implements the command.
func (h *healthCommand) Run(ctx context.Context, env *environment, loader *node.Loader) error {
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
		return fmt.Errorf("request health: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // the body has been read
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBodyBytes))
	if err != nil {
		return fmt.Errorf("read response: %w", err)
	}
	_, _ = fmt.Fprintf(env.stdout, "%s\n", bytes.TrimSpace(body)) // the exit code is the result
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("node is not ready: %s", resp.Status)
	}
	return nil
}

// address returns the URL to request. If the node listens on all addresses, it is the loopback address.
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

// transport returns an HTTP transport that accepts only the certificate in TLS_CERT. It does not verify the host name,
// because the certificate is not issued for the loopback address. With --url, the usual verification applies.
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
		return nil, errors.New("read TLS_CERT: no PEM certificate found")
	}
	t.TLSClientConfig = &tls.Config{
		InsecureSkipVerify: true, // replaced by the comparison below
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			if len(raw) == 0 || !bytes.Equal(raw[0], block.Bytes) {
				return errors.New("certificate of the node differs from TLS_CERT")
			}
			return nil
		},
	}
	return t, nil
}
