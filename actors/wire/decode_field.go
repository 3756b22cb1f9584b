package wire

import "unicode/utf8"

func (d *decoder) commandType() bool {
	if d.peek() != '"' {
		return d.mismatch("type")
	}
	raw, escaped, ok := d.quoted()
	if escaped && ok {
		raw = []byte(unescape(raw))
	}
	d.cmd.Type, d.cmd.TypeName = commandType(raw), ""
	if ok && d.cmd.Type == Unknown {
		d.cmd.TypeName = string(truncate(raw, MaxTypeName))
	}
	return ok
}

func (d *decoder) text(name string, into *string) bool {
	if d.peek() != '"' {
		return d.mismatch(name)
	}
	raw, escaped, ok := d.quoted()
	if ok {
		*into = text(raw, escaped)
	}
	return ok
}

func (d *decoder) uint(name string, into *uint64) bool {
	if !isNumber(d.peek()) {
		return d.mismatch(name)
	}
	raw, ok := d.number()
	if !ok {
		return false
	}
	n, fits := parseUint(raw)
	if !fits {
		d.refuse(name)
	}
	*into = n
	return true
}

func (d *decoder) limit() bool {
	n := uint64(d.cmd.Limit)
	ok := d.uint("limit", &n)
	if n > MaxPage {
		d.refuse("limit")
		return ok
	}
	d.cmd.Limit = int(n)
	return ok
}

// echo keeps t of a ping as raw JSON; the pong returns it unchanged.
func (d *decoder) echo() bool {
	if c := d.peek(); c != '"' && !isNumber(c) {
		return d.mismatch("t")
	}
	start := d.i
	if !d.skip() {
		return false
	}
	if d.i-start > maxPingPayload {
		d.refuse("t")
		return true
	}
	d.cmd.T = string(d.p[start:d.i])
	return true
}

// since reads {epoch, seq}. If it occurs twice, the last one counts.
func (d *decoder) since() bool {
	if d.peek() != '{' {
		return d.mismatch("since")
	}
	d.cmd.Since, d.cmd.HasSince = Position{}, true
	d.enter('{')
	for n := 0; ; n++ {
		more, ok := d.more(n, '}')
		if !more || !ok {
			return ok
		}
		key, ok := d.key()
		if !ok || !d.sinceField(key) {
			return false
		}
	}
}

func (d *decoder) sinceField(key []byte) bool {
	switch string(key) {
	case "epoch":
		return d.text("since", &d.cmd.Since.Epoch)
	case "seq":
		return d.uint("since", &d.cmd.Since.Seq)
	}
	return d.skip()
}

// truncate returns the longest prefix of p with at most n bytes that does not split a rune.
func truncate[T string | []byte](p T, n int) T {
	if len(p) <= n {
		return p
	}
	for n > 0 && !utf8.RuneStart(p[n]) {
		n--
	}
	return p[:n]
}
