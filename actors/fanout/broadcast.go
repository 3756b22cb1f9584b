package fanout

// onBroadcastFrame appends a frame to the groups of a room. It is compressed at most once, for all members that accept
// compressed frames.
func (w *Writer) onBroadcastFrame(m *BroadcastFrame) {
	if g := w.groups[groupKey{m.Room, false}]; g != nil {
		w.appendFrames(g, m, m.Frame, m.ExtraFrame)
	}
	if w.config.Deflate != nil {
		if g := w.groups[groupKey{m.Room, true}]; g != nil {
			w.appendFrames(g, m, w.config.Deflate(m.Frame), w.config.Deflate(m.ExtraFrame))
		}
	}
	if m.Ack != nil {
		w.sendTo(m.Ack.Client, m.Ack.Frame)
	}
}

func (w *Writer) appendFrames(g *group, m *BroadcastFrame, frame, extra []byte) {
	switch {
	case len(g.log) == 0:
		w.markDirty(g)
		g.firstAt = m.At
	case g.passActive && g.nextFirstAt.IsZero():
		g.nextFirstAt = m.At
	}
	g.log = append(append(g.log, frame...), extra...)
}

// markDirty schedules a group that has unsent frames: for this pass, or with FlushInterval for the next one if a pass
// is running.
func (w *Writer) markDirty(g *group) {
	if w.passPending && w.config.FlushInterval > 0 {
		w.nextPass = append(w.nextPass, g)
		return
	}
	w.dirty = append(w.dirty, g)
}

func (w *Writer) onBroadcastAll(m *BroadcastAll) {
	for _, c := range w.Clients {
		w.sendTo(c, m.Frame)
	}
}
