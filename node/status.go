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

// status answers GET /status/data, which the page at /status asks every two seconds. Everything comes
// from atomics and from a survey that is made at most every five seconds, however many ask: no pull
// walks the sessions.
type status struct {
	api    *api
	node   *Node
	born   time.Time
	survey atomic.Pointer[statusSnapshot]
	due    atomic.Int64 // when the next survey is, in ns since born
}

const (
	statusPage   = 20      // rooms, processes or instances in one answer
	statusOffset = 1 << 30 // the greatest offset that is taken
)

// newStatus lets in whom the API lets in.
func newStatus(a *api) *status { return &status{api: a, node: a.node, born: time.Now()} }

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

// A statusView is which part of the lists is asked for.
type statusView struct {
	instances, rooms, actors int  // offsets
	byRate                   bool // the rooms, rather than by size
}

// readStatusView reads instances_offset=, rooms_offset=, actors_offset= and rooms_sort=size|rate. The
// error is a *problem.
func readStatusView(c *apiCall) (v statusView, err error) {
	for name, offset := range map[string]*int{"instances_offset": &v.instances, "rooms_offset": &v.rooms, "actors_offset": &v.actors} {
		n, err := c.number(name, 0, 0, statusOffset)
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

// report is the picture now.
func (s *status) report(r *http.Request, v statusView) *statusReport {
	n, now := s.node, time.Now()
	survey := s.snapshot(r.Context(), now)
	rooms := survey.bySize
	if v.byRate {
		rooms = survey.byRate
	}
	report := &statusReport{
		InstanceID: string(n.cfg.InstanceID), Version: n.version, Distributed: n.cfg.EnableDistributedChat, StartedAt: s.born.UnixMilli(),
		Now: now.UnixMilli(), UptimeMs: now.Sub(s.born).Milliseconds(), SurveyMs: now.Sub(survey.at).Milliseconds(), WindowMs: survey.window.Milliseconds(),
		Link: n.linkBody(), Links: n.statusLinks(now), Totals: n.statusTotals(), Journal: n.statusJournal(),
		Rooms:     newStatusList(survey.rooms, rooms, v.rooms),
		Processes: newStatusList(survey.processes, survey.busy, v.actors),
		Kinds:     s.kinds(survey),
		Instances: s.instances(v.instances, now),
	}
	if n.core.Connecting() {
		report.Link.Mode = "connecting"
	}
	return report
}

// instances are the cluster as the last heartbeat told, the suspect ones first.
func (s *status) instances(offset int, now time.Time) statusList[statusInstance] {
	view := s.node.cluster.Cluster()
	if !view.ReceivedAt.IsZero() { // the clock of the heartbeats has gone on since
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

// kinds are the actors by kind, each after its parent.
func (s *status) kinds(survey *statusSnapshot) []statusKind {
	list := make([]statusKind, 0, len(actors.Kinds))
	for k := range s.node.sys.Kinds() {
		list = append(list, newStatusKind(k, survey.loads[k.Name]))
	}
	return list
}
