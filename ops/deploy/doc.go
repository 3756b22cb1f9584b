// Package deploy tests the files of this folder without a cluster. The Kubernetes manifests are rendered and read
// strictly into the types of the API. The loader of compose reads the compose file, the load balancers read their
// configurations, and the node reads its settings. README.md describes the files.
//
//	render_test.go    renders kustomizations, reads resources strictly
//	tracks_test.go    base, canary and blue-green: their objects and selectors
//	pod_test.go       the pod: probes, shutdown, rights, disk
//	scale_test.go     disruption budget, autoscaler, monitoring, network
//	compose_test.go   the compose file
//	settings_test.go  each setting is one of chatnode, with a valid value
//	balancer_test.go  haproxy -c, nginx -t
//	kubectl_test.go   the kubectl commands of documents and scripts
//	scripts_test.go   the scripts parse and print their usage
//	image_test.go     the build command of the Dockerfile, and the version of the program
package deploy
