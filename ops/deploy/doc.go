// Package deploy checks what this folder deploys, offline: the Kubernetes manifests are rendered and read strictly
// into the API's own types, the compose file is read by compose's own loader, the load balancers' configurations by
// the load balancers, and every setting of a node by the node. README.md explains the files.
//
//	render_test.go    kustomizations rendered, resources read strictly
//	tracks_test.go    base, canary and blue-green: what is deployed, what selects what
//	pod_test.go       the pod: probes, shutdown, rights, disk
//	scale_test.go     disruption budget, autoscaler, monitoring, network
//	compose_test.go   the compose file
//	settings_test.go  every setting is one that chatnode has, with a value that it takes
//	balancer_test.go  haproxy -c, nginx -t
//	kubectl_test.go   what documents and scripts say to kubectl is about what there is
//	scripts_test.go   the scripts parse, and say how they are used
//	image_test.go     the build command of the Dockerfile, and the version that the program reports
package deploy
