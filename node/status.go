package node

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"chatnode/actors"
)

// status answers GET /status/data. The page /status requests it every 2 s. The data is read from atomics and from a
// snapshot, which is taken at most every 5 s for all requests. No request iterates over the sessions.
type status struct {
	api       *api
	node      *Node
	startedAt time.Time
	latest    atomic.Pointer[statusSnapshot]
	dueAt     atomic.Int64 // time of the next snapshot, in ns since startedAt
}

const (
	statusPageSize  = 20      // rooms, processes or instances per page
	maxStatusOffset = 1 << 30 // maximum offset that is accepted
)

// newStatus returns the handler. It accepts the same callers as the API.
func newStatus(a *api) *status { return &status{api: a, node: a.node, startedAt: time.Now()} }

// ServeHTTP implements http.Handler.
func (s *status) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, err := s.api.authorize(r); err != nil {
		s.api.fail(w, r, err)
		return
	}
	view, err := readStatusView(&apiCall{api: s.api, r: r})
	if err != nil {
		s.api.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, s.report(r, view))
}

// A statusView selects a page of each list.
type statusView struct {
	instances, rooms, actors int  // offsets
	byRate                   bool // order of the rooms; false: by size
}

// readStatusView parses the parameters instances_offset, rooms_offset, actors_offset and rooms_sort (size or rate).
// The error is a *problem.
func readStatusView(c *apiCall) (v statusView, err error) {
	for name, offset := range map[string]*int{"instances_offset": &v.instances, "rooms_offset": &v.rooms, "actors_offset": &v.actors} {
		n, err := c.queryUint(name, 0, 0, maxStatusOffset)
		if err != nil {
			return v, err
		}
		*offset = int(n)
	}
	switch order := c.r.URL.Query().Get("rooms_sort"); order {
	case "", "size":
	case "rate":
		v.byRate = true
	default:
		return v, problemBadField.withDetail("rooms_sort")
	}
	return v, nil
}

// report returns the current status.
func (s *status) report(r *http.Request, v statusView) *statusReport {
	n, now := s.node, time.Now()
	snapshot := s.snapshot(r.Context(), now)
	rooms := snapshot.bySize
	if v.byRate {
		rooms = snapshot.byRate
	}
	report := &statusReport{
		InstanceID: string(n.cfg.InstanceID), Version: n.version, Distributed: n.cfg.EnableDistributedChat, StartedAt: s.startedAt.UnixMilli(),
		Now: now.UnixMilli(), UptimeMs: now.Sub(s.startedAt).Milliseconds(), SnapshotAgeMs: now.Sub(snapshot.at).Milliseconds(), WindowMs: snapshot.window.Milliseconds(),
		Link: n.linkState(), Links: n.linkStates(now), Totals: n.totals(), Journal: n.journalState(),
		Rooms:     newStatusList(snapshot.rooms, rooms, v.rooms),
		Processes: newStatusList(snapshot.processes, snapshot.busy, v.actors),
		Kinds:     s.kinds(snapshot),
		Instances: s.instances(v.instances, now),
	}
	if n.core.Connecting() {
		report.Link.Mode = "connecting"
	}
	return report
}

// instances returns a page of the instances as of the last heartbeat, suspect ones first.
func (s *status) instances(offset int, now time.Time) statusList[statusInstance] {
	view := s.node.cluster.Cluster()
	if !view.ReceivedAt.IsZero() { // view.Now is the time of the last heartbeat
		view.Now += now.Sub(view.ReceivedAt).Milliseconds()
	}
	all := make([]statusInstance, 0, len(view.Instances))
	for i := range view.Instances {
		all = append(all, newStatusInstance(&view.Instances[i], view.Now))
	}
	slices.SortFunc(all, func(a, b statusInstance) int {
		if a.Suspect != b.Suspect {
			return cmp.Compare(b.HeartbeatAgeMs, a.HeartbeatAgeMs)
		}
		return cmp.Or(strings.Compare(a.InstanceID, b.InstanceID), strings.Compare(a.Incarnation, b.Incarnation))
	})
	return newStatusList(len(all), all, offset)
}

// kinds returns the state of each kind of actors, each after its parent.
func (s *status) kinds(snapshot *statusSnapshot) []statusKind {
	list := make([]statusKind, 0, len(actors.Kinds))
	for k := range s.node.sys.Kinds() {
		list = append(list, newStatusKind(k, snapshot.loads[k.Name]))
	}
	return list
}
