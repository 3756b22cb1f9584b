package frame

import "bytes"

// object reads the members of the outermost object. It checks only what it needs to find them, because other tests
// check the JSON of a node.
func (f *Frame) object(b []byte) error {
	i := space(b, 0)
	if i == len(b) || b[i] != '{' {
		return ErrMalformed
	}
	for i = space(b, i+1); i < len(b) && b[i] != '}'; {
		keyEnd := stringEnd(b, i)
		if keyEnd == 0 {
			return ErrMalformed
		}
		from := space(b, keyEnd)
		if from == len(b) || b[from] != ':' {
			return ErrMalformed
		}
		from = space(b, from+1)
		to := valueEnd(b, from)
		if to <= from {
			return ErrMalformed
		}
		f.set(b[i+1:keyEnd-1], b[from:to])
		i = space(b, to)
		if i < len(b) && b[i] == ',' {
			i = space(b, i+1)
		}
	}
	if i == len(b) {
		return ErrMalformed
	}
	return nil
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// valueEnd returns the index after the value at i, or 0 if it does not end.
func valueEnd(b []byte, i int) int {
	if i == len(b) {
		return 0
	}
	switch b[i] {
	case '"':
		return stringEnd(b, i)
	case '{', '[':
		return nestedEnd(b, i)
	}
	n := bytes.IndexAny(b[i:], ",} \n\t\r")
	if n < 0 {
		return 0
	}
	return i + n
}

// stringEnd returns the index after the string at i, or 0 if there is none or it does not end.
func stringEnd(b []byte, i int) int {
	if b[i] != '"' {
		return 0
	}
	for i++; ; i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return 0
		}
		i += n
		if !isEscaped(b, i) {
			return i + 1
		}
	}
}

// isEscaped reports whether an odd number of backslashes precedes i.
func isEscaped(b []byte, i int) bool {
	n := 0
	for i-n-1 >= 0 && b[i-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}

// nestedEnd returns the index after the object or array at i, or 0 if it does not end.
func nestedEnd(b []byte, i int) int {
	for depth := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			end := stringEnd(b, i)
			if end == 0 {
				return 0
			}
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}
