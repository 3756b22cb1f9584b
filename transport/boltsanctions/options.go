package boltsanctions

import "time"

// Options say how to open a Store.
type Options struct {
	Path string           // folder of the file; made when missing
	Now  func() time.Time // the clock that sanctions end by; nil: time.Now
}

// filled is o with the default in place of what is not set.
func (o Options) filled() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}
