// Package mutants proves that the simulation of actors/sim_*_test.go notices what it is there to notice. Each
// mutant is one small wrong change of the product. It is compiled in the place of the file it changes (go's
// -overlay; the tree itself is not touched), the simulation is run on it, and it must breach the invariant
// that is named for it. The tree as it is runs the same simulation, on many more seeds, and must not.
//
//	program_test.go  the actors' tests compiled, with a mutant or without, and run
//	table_test.go    the mutants
//	mutants_test.go  each of them dies, and of what; the tree as it is lives
//
// make mutants prints the table. A mutant whose text no longer stands in the sources fails: move it to where
// the text has gone.
package mutants
