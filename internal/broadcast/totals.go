package broadcast

// Totals counts media since the manager was made, over all broadcasts.
type Totals struct {
	Broadcasts int    // begun
	Units      uint64 // access units taken in
	Bytes      uint64 // of their data
	Dropped    uint64 // units before a first key frame
	Repaired   uint64 // units whose time ran backwards or leapt
	Sent       uint64 // bytes that went out of streams
}

func (t *Totals) add(o Totals) {
	t.Broadcasts += o.Broadcasts
	t.Units += o.Units
	t.Bytes += o.Bytes
	t.Dropped += o.Dropped
	t.Repaired += o.Repaired
	t.Sent += o.Sent
}

func (b *Broadcast) totals() Totals {
	t := Totals{Broadcasts: 1, Sent: uint64(b.stream.SentBytes())}
	for _, r := range b.stream.Renditions() {
		s := r.Stats()
		t.add(Totals{Units: s.Units, Bytes: s.Bytes, Dropped: s.Dropped, Repaired: s.Repaired})
	}
	return t
}

// Totals returns the counts so far.
func (m *Manager) Totals() Totals {
	m.mu.Lock()
	t := m.totals
	list := make([]*Broadcast, 0, len(m.byID))
	for _, b := range m.byID {
		list = append(list, b)
	}
	m.mu.Unlock()
	for _, b := range list {
		t.add(b.totals())
	}
	return t
}
