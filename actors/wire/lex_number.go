package wire

import "strconv"

// number reads the next number and returns it as text.
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

// accept advances past c if it is the next byte.
func (l *lexer) accept(c byte) bool {
	if l.i == len(l.p) || l.p[l.i] != c {
		return false
	}
	l.i++
	return true
}

// digits advances past one or more digits.
func (l *lexer) digits() bool {
	start := l.i
	for l.i < len(l.p) && '0' <= l.p[l.i] && l.p[l.i] <= '9' {
		l.i++
	}
	return l.i > start
}

// parseUint reads an unsigned 64-bit integer without fraction and exponent, such as a seq.
func parseUint(raw []byte) (n uint64, ok bool) {
	n, err := strconv.ParseUint(string(raw), 10, 64)
	return n, err == nil
}

func isNumber(c byte) bool { return c == '-' || '0' <= c && c <= '9' }
