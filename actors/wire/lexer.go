package wire

// maxDepth limits the nesting of objects and arrays, including the object of the frame. No command nests deeper than
// 2. The rest is for unknown fields, because skipping them uses stack.
const maxDepth = 32

// lexer scans one JSON text (RFC 8259). Each method advances i past the element that it names. If the text does not
// contain that element, the method returns false and i is undefined.
type lexer struct {
	p     []byte
	i     int
	depth int
}

// peek returns the next byte that is not white space, or 0 at the end. A NUL byte is invalid in JSON.
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

// enter reads the start of an object or array.
func (l *lexer) enter(open byte) bool {
	l.depth++
	return l.depth <= maxDepth && l.take(open)
}

// more reports whether the object or array that ends with the byte end has an element after its first n. If not, i is
// past end. The reader of the element rejects a comma before end.
func (l *lexer) more(n int, end byte) (more, ok bool) {
	if l.take(end) {
		l.depth--
		return false, true
	}
	return true, n == 0 || l.take(',')
}

// key reads the next key of an object and its colon, and returns the unescaped key.
func (l *lexer) key() (key []byte, ok bool) {
	raw, escaped, ok := l.quoted()
	if escaped && ok {
		raw = []byte(unescape(raw))
	}
	return raw, ok && l.take(':')
}

// skip checks and skips one value.
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
