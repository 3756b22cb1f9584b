package node

import (
	"mime"
	"strconv"
	"strings"
)

// textTypes are the media types of Prometheus' text formats; which of them it will be is promhttp's choice.
var textTypes = [...]string{"application/openmetrics-text", "text/plain"}

// prefersPrometheus reads Accept headers: whether one of Prometheus' formats is liked better than JSON, which
// is the answer where both are liked alike.
func prefersPrometheus(accept []string) bool {
	json, text := mediaTypePreference{}, mediaTypePreference{}
	for _, header := range accept {
		for item := range strings.SplitSeq(header, ",") {
			kind, quality := mediaRange(item)
			json.consider(kind, "application/json", quality)
			for _, t := range textTypes {
				text.consider(kind, t, quality)
			}
		}
	}
	return text.quality > json.quality
}

// A mediaTypePreference is how much a media type is liked. What is said of the type itself goes before what
// is said of a range that it is in.
type mediaTypePreference struct {
	precise int // 0: nothing said yet, 1: */*, 2: type/*, 3: the type
	quality float64
}

func (p *mediaTypePreference) consider(kind, mediaType string, quality float64) {
	precise := 0
	family, _, _ := strings.Cut(mediaType, "/")
	switch kind {
	case mediaType:
		precise = 3
	case family + "/*":
		precise = 2
	case "*/*":
		precise = 1
	}
	if precise == 0 || precise < p.precise {
		return
	}
	if precise == p.precise {
		quality = max(quality, p.quality)
	}
	p.precise, p.quality = precise, quality
}

// mediaRange is one item of Accept and its q from 0 to 1. What cannot be read is an empty kind.
func mediaRange(item string) (kind string, quality float64) {
	kind, params, err := mime.ParseMediaType(item)
	if err != nil {
		return "", 0
	}
	q, said := params["q"]
	if !said {
		return kind, 1
	}
	quality, err = strconv.ParseFloat(q, 64)
	if err != nil || !(quality >= 0 && quality <= 1) { // also what is no number
		return "", 0
	}
	return kind, quality
}
