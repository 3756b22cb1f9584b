// Package mutants tests that the simulation in actors/simulation finds faults. Each mutant is one small wrong change of
// the product. The compiler replaces the changed file (-overlay; the tree is not touched), and the simulation must
// violate the invariant that the table names. The unchanged tree runs the same simulation and must pass.
//
//	program_test.go  builds and runs the simulation, with a mutant or without
//	table_test.go    the mutants
//	mutants_test.go  each mutant fails, the unchanged tree passes
//
// `make mutants` prints the table. A mutant whose text is not in the sources fails: adapt it to the changed code.
package mutants
