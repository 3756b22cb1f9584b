package wire

// Codes returns all codes except CodeNone.
func Codes() []Code {
	all := make([]Code, 0, len(codes)-1)
	for c := range len(codes) - 1 {
		all = append(all, Code(c+1))
	}
	return all
}
