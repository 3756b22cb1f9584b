package room

// onRecovered puts right what a panic may have cost the room: effects that were not carried out, and ticks. What its
// members were shown is in doubt then, so the room takes up the log's position, and they reload.
func (r *Room) onRecovered() {
	r.applyingEffects = false
	r.onPresenceTick()
	r.retirement.requested = false
	r.resetIdleTick()
	r.acks.armed = false
	r.acks.arm(r.Self)
	if !r.reader.open {
		r.retryOpen()
		return
	}
	r.state.ResetFromLog()
	r.applyEffects()
}
