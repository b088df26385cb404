/// The dynamic table of RFC 7541 section 2.3.2: what was added last has the lowest index.
package struct HPACKDynamicTable: Sendable {
    /// The largest ``size``; entries are evicted, the oldest first, until they fit.
    package private(set) var capacity: Int
    /// The sum of the entries' sizes.
    package private(set) var size = 0

    /// The entries, the oldest first; those before `oldest` are evicted.
    private var slots: [FieldLine] = []
    private var oldest = 0

    /// An empty table.
    package init(capacity: Int = 4_096) {
        self.capacity = capacity
    }

    /// The number of entries.
    package var count: Int { slots.count - oldest }

    /// The entries in the order of their indices.
    package var entries: [FieldLine] { slots[oldest...].reversed() }

    /// The entry with an index of the whole address space, 62 and above; nil if there is none.
    subscript(index: Int) -> FieldLine? {
        let slot = slots.count - (index - HPACKStaticTable.count)
        return slot >= oldest && slot < slots.count ? slots[slot] : nil
    }

    /// Adds an entry; one that is larger than the table empties it and is not added (RFC 7541 section 4.4).
    package mutating func insert(_ entry: FieldLine) {
        let needed = entry.size
        evict(until: capacity - needed)
        guard needed <= capacity else { return }
        slots.append(entry)
        size += needed
    }

    /// Changes the capacity and evicts what no longer fits (RFC 7541 section 4.3).
    package mutating func resize(to capacity: Int) {
        self.capacity = capacity
        evict(until: capacity)
    }

    /// The lowest index of an entry that equals the line, or else of one with its name.
    func find(_ line: FieldLine) -> (index: Int, isWhole: Bool)? {
        var named: Int?
        for slot in slots[oldest...].indices.reversed() where slots[slot].name == line.name {
            let index = HPACKStaticTable.count + slots.count - slot
            if slots[slot].value == line.value { return (index, true) }
            if named == nil { named = index }
        }
        return named.map { ($0, false) }
    }

    private mutating func evict(until limit: Int) {
        while size > limit, oldest < slots.count {
            size -= slots[oldest].size
            slots[oldest] = FieldLine(name: [], value: [])
            oldest += 1
        }
        // What is evicted may be half of the array, but not more.
        guard oldest > 32, oldest * 2 > slots.count else { return }
        slots.removeFirst(oldest)
        oldest = 0
    }
}
