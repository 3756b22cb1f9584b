package boltjournal

import "github.com/rs/zerolog"

// Options say how to open a Journal.
type Options struct {
	Path     string // folder of the file; made when missing
	MaxBytes int64  // bound of what the writes held take, encoded; 0: 256 MiB
	Log      zerolog.Logger
}

const defaultMaxBytes = 256 << 20

// filled is o with the default in place of what is not set.
func (o Options) filled() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	return o
}
