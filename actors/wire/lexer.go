package wire

// maxDepth is how deep objects and arrays may nest, the frame's own object included. No command
// nests deeper than 2; the rest is room for unknown fields, whose nesting costs stack.
const maxDepth = 32

// A lexer walks one JSON text (RFC 8259). Its methods move i past what they name; they report
// false, and leave i anywhere, where the text does not hold that.
type lexer struct {
	p     []byte
	i     int
	depth int
}

// peek is the next byte that is not white space, 0 at the end. A NUL is no JSON either.
func (l *lexer) peek() byte {
	for ; l.i < len(l.p); l.i++ {
		switch c := l.p[l.i]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// end reports whether only white space is left.
func (l *lexer) end() bool {
	l.peek()
	return l.i == len(l.p)
}

func (l *lexer) take(c byte) bool {
	if l.peek() != c {
		return false
	}
	l.i++
	return true
}

// enter opens an object or array.
func (l *lexer) enter(open byte) bool {
	l.depth++
	return l.depth <= maxDepth && l.take(open)
}

// more says whether the object or array that end closes has an element after its first n ones,
// and leaves i at it or past end. A comma before end is caught by whoever reads the element.
func (l *lexer) more(n int, end byte) (more, ok bool) {
	if l.take(end) {
		l.depth--
		return false, true
	}
	return true, n == 0 || l.take(',')
}

// key is an object's next key, unescaped, and the colon after it.
func (l *lexer) key() (key []byte, ok bool) {
	raw, escaped, ok := l.quoted()
	if escaped && ok {
		raw = []byte(unescape(raw))
	}
	return raw, ok && l.take(':')
}

// skip checks any one value.
func (l *lexer) skip() (ok bool) {
	switch l.peek() {
	case '{':
		return l.skipObject()
	case '[':
		return l.skipArray()
	case '"':
		_, _, ok = l.quoted()
	case 't':
		return l.literal("true")
	case 'f':
		return l.literal("false")
	case 'n':
		return l.literal("null")
	default:
		_, ok = l.number()
	}
	return ok
}

func (l *lexer) skipObject() bool {
	if !l.enter('{') {
		return false
	}
	for n := 0; ; n++ {
		more, ok := l.more(n, '}')
		if !more || !ok {
			return ok
		}
		if _, ok := l.key(); !ok || !l.skip() {
			return false
		}
	}
}

func (l *lexer) skipArray() bool {
	if !l.enter('[') {
		return false
	}
	for n := 0; ; n++ {
		more, ok := l.more(n, ']')
		if !more || !ok {
			return ok
		}
		if !l.skip() {
			return false
		}
	}
}

func (l *lexer) literal(word string) bool {
	rest := l.p[l.i:]
	if len(rest) < len(word) || string(rest[:len(word)]) != word {
		return false
	}
	l.i += len(word)
	return true
}
