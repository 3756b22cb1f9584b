package wire

import "strconv"

// number is the next number as written.
func (l *lexer) number() (raw []byte, ok bool) {
	l.peek()
	start := l.i
	l.accept('-')
	if !l.accept('0') && !l.digits() {
		return nil, false
	}
	if l.accept('.') && !l.digits() {
		return nil, false
	}
	if (l.accept('e') || l.accept('E')) && !l.exponent() {
		return nil, false
	}
	return l.p[start:l.i], true
}

func (l *lexer) exponent() bool {
	if !l.accept('+') {
		l.accept('-')
	}
	return l.digits()
}

// accept moves past c where it is the very next byte.
func (l *lexer) accept(c byte) bool {
	if l.i == len(l.p) || l.p[l.i] != c {
		return false
	}
	l.i++
	return true
}

// digits moves past one digit or more.
func (l *lexer) digits() bool {
	start := l.i
	for l.i < len(l.p) && '0' <= l.p[l.i] && l.p[l.i] <= '9' {
		l.i++
	}
	return l.i > start
}

// parseUint is a number without sign, fraction and exponent that fits 64 bits: what a seq is.
func parseUint(raw []byte) (n uint64, ok bool) {
	n, err := strconv.ParseUint(string(raw), 10, 64)
	return n, err == nil
}

func isNumber(c byte) bool { return c == '-' || '0' <= c && c <= '9' }
