package rig

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

var errMetric = errors.New("no such metric")

// Metric is the sum of a metric without labels over nodes that were started here.
func Metric(ctx context.Context, name string, nodes ...*Program) (float64, error) {
	sum := 0.0
	for _, n := range nodes {
		v, err := metric(ctx, n.Addr, name)
		if err != nil {
			return 0, fmt.Errorf("%s of %s: %w", name, n.Name, err)
		}
		sum += v
	}
	return sum, nil
}

func metric(ctx context.Context, addr, name string) (float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	req.Close = true
	req.Header.Set("Authorization", "Bearer "+MetricsKey)
	req.Header.Set("Accept", "text/plain")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return strconv.ParseFloat(text, 64)
		}
	}
	return 0, errMetric
}
