package node

import (
	"mime"
	"strconv"
	"strings"
)

// textTypes are the media types of Prometheus formats. promhttp selects one of them.
var textTypes = [...]string{"application/openmetrics-text", "text/plain"}

// prefersPrometheus reports whether the Accept headers prefer a Prometheus format to JSON. It is false if both have
// the same quality.
func prefersPrometheus(accept []string) bool {
	json, text := mediaTypePreference{}, mediaTypePreference{}
	for _, header := range accept {
		for item := range strings.SplitSeq(header, ",") {
			kind, quality := parseMediaRange(item)
			json.consider(kind, "application/json", quality)
			for _, t := range textTypes {
				text.consider(kind, t, quality)
			}
		}
	}
	return text.quality > json.quality
}

// mediaTypePreference is the quality of a media type in Accept headers. A more specific range has precedence.
type mediaTypePreference struct {
	specificity int // 0: no range matched, 1: */*, 2: type/*, 3: the type
	quality     float64
}

// consider applies one item of an Accept header.
func (p *mediaTypePreference) consider(kind, mediaType string, quality float64) {
	specificity := 0
	family, _, _ := strings.Cut(mediaType, "/")
	switch kind {
	case mediaType:
		specificity = 3
	case family + "/*":
		specificity = 2
	case "*/*":
		specificity = 1
	}
	if specificity == 0 || specificity < p.specificity {
		return
	}
	if specificity == p.specificity {
		quality = max(quality, p.quality)
	}
	p.specificity, p.quality = specificity, quality
}

// parseMediaRange parses one item of an Accept header and its q, from 0 to 1. kind is empty if the item is invalid.
func parseMediaRange(item string) (kind string, quality float64) {
	kind, params, err := mime.ParseMediaType(item)
	if err != nil {
		return "", 0
	}
	q, ok := params["q"]
	if !ok {
		return kind, 1
	}
	quality, err = strconv.ParseFloat(q, 64)
	if err != nil || !(quality >= 0 && quality <= 1) { // also false for NaN
		return "", 0
	}
	return kind, quality
}
