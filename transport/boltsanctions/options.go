package boltsanctions

import "time"

// Options are the settings of a Store.
type Options struct {
	Path string           // folder of the file; created if missing
	Now  func() time.Time // clock for the end of sanctions; nil: time.Now
}

// withDefaults returns o with the default for an unset field.
func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}
