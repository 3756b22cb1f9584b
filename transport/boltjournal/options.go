package boltjournal

import "github.com/rs/zerolog"

// Options are the settings of a Journal.
type Options struct {
	Path     string // folder of the file; created if missing
	MaxBytes int64  // limit of the encoded size of the stored writes; 0: 256 MiB
	Log      zerolog.Logger
}

const defaultMaxBytes = 256 << 20

// withDefaults returns o with the default for an unset field.
func (o Options) withDefaults() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	return o
}
