import WSLimits

/// Reads the field blocks of one direction of a connection and tells how they are written (RFC 7541).
///
/// It goes on after what can be read in spite of a problem. After a fatal one the table is not known: every later
/// block has the problem ``HPACKProblem/Kind/tableUnknown`` and no fields.
package struct HPACKDecoder: Sendable {
    /// The dynamic table.
    package private(set) var table: HPACKDynamicTable
    /// The largest size that a size update may set: SETTINGS_HEADER_TABLE_SIZE of whoever decodes.
    package private(set) var maximumTableSize: Int
    /// Whether the table is known.
    package private(set) var isIntact = true
    /// How much of a section is kept, in the sizes of its lines.
    package var sectionLimit = Limits.fieldSection.value

    /// The size that an update at the beginning of the next block may not exceed; nil if none has to come.
    private var dueSize: Int?

    /// A decoder with an empty table.
    package init(maximumTableSize: Int = 4_096) {
        self.maximumTableSize = maximumTableSize
        table = HPACKDynamicTable(capacity: min(maximumTableSize, 4_096))
    }

    /// Changes the largest size, as after the acknowledgment of SETTINGS.
    ///
    /// If the table is larger, the next block has to begin with a size update (RFC 7541 section 4.2).
    package mutating func setMaximumTableSize(_ size: Int) {
        maximumTableSize = size
        if size < table.capacity { dueSize = min(dueSize ?? size, size) }
    }

    /// Stops reading, because a block of this direction was not handed over.
    package mutating func lose() { isIntact = false }

    /// Reads a whole block.
    package mutating func decode(_ bytes: Span<UInt8>) -> HPACKBlock {
        var block = HPACKBlock()
        guard isIntact else {
            block.problems.append(HPACKProblem(.tableUnknown, at: 0))
            return block
        }
        var cursor = HPACKCursor(bytes: bytes.count)
        var hasField = false
        do throws(HPACKProblem) {
            while cursor.position < bytes.count {
                cursor.begin()
                let first = bytes[cursor.position]
                if first & 0xE0 == 0x20 {
                    try updateSize(bytes, &cursor, &block, hasField: hasField)
                    continue
                }
                if !hasField {
                    hasField = true
                    checkSizeUpdate(&block)
                }
                try first & 0x80 != 0 ? readIndexed(bytes, &cursor, &block) : readLiteral(bytes, &cursor, &block)
            }
            if !hasField { checkSizeUpdate(&block) }
        } catch {
            isIntact = false
            block.problems.append(error)
        }
        return block
    }

    // MARK: - Instructions

    private mutating func updateSize(
        _ bytes: Span<UInt8>,
        _ cursor: inout HPACKCursor,
        _ block: inout HPACKBlock,
        hasField: Bool
    ) throws(HPACKProblem) {
        let size = try cursor.integer(bytes, prefix: 5)
        if hasField { block.problems.append(HPACKProblem(.sizeUpdateAfterField, at: cursor.start)) }
        guard size <= min(maximumTableSize, Limits.fieldTable.value) else {
            throw HPACKProblem(.sizeUpdateTooLarge(size), at: cursor.start)
        }
        table.resize(to: size)
        block.sizeUpdates.append(size)
        if let due = dueSize, size <= due { dueSize = nil }
    }

    /// Reports an update that did not come; the table becomes as small as its encoder should have made it.
    private mutating func checkSizeUpdate(_ block: inout HPACKBlock) {
        guard dueSize != nil else { return }
        dueSize = nil
        block.problems.append(HPACKProblem(.sizeUpdateMissing, at: 0))
        table.resize(to: min(table.capacity, maximumTableSize))
    }

    private func entry(_ index: Int, _ cursor: HPACKCursor) throws(HPACKProblem) -> FieldLine {
        if index > 0, index <= HPACKStaticTable.count { return HPACKStaticTable.entries[index - 1] }
        guard index > 0 else { throw HPACKProblem(.indexZero, at: cursor.start) }
        guard let entry = table[index] else { throw HPACKProblem(.indexBeyondTables(index), at: cursor.start) }
        return entry
    }

    private func readIndexed(
        _ bytes: Span<UInt8>,
        _ cursor: inout HPACKCursor,
        _ block: inout HPACKBlock
    ) throws(HPACKProblem) {
        let index = try cursor.integer(bytes, prefix: 7)
        keep(HPACKLine(try entry(index, cursor), .indexed(index), offset: cursor.start), &block)
    }

    private mutating func readLiteral(
        _ bytes: Span<UInt8>,
        _ cursor: inout HPACKCursor,
        _ block: inout HPACKBlock
    ) throws(HPACKProblem) {
        let first = bytes[cursor.position]
        let indexing: HPACKIndexing = first & 0x40 != 0 ? .incremental : first & 0x10 != 0 ? .never : .without
        let index = try cursor.integer(bytes, prefix: indexing.prefix.bits)
        var field = FieldLine(name: [], value: [])
        var hasCodedName = false
        if index == 0 {
            hasCodedName = try cursor.string(bytes, into: &field.name, &block)
        } else {
            field.name = try entry(index, cursor).name
        }
        let hasCodedValue = try cursor.string(bytes, into: &field.value, &block)
        if indexing == .incremental { table.insert(field) }
        let representation = HPACKRepresentation.literal(
            indexing,
            nameIndex: index,
            huffmanName: hasCodedName,
            huffmanValue: hasCodedValue
        )
        keep(HPACKLine(field, representation, offset: cursor.start), &block)
    }

    private func keep(_ line: HPACKLine, _ block: inout HPACKBlock) {
        block.sectionSize += line.field.size
        if block.sectionSize <= sectionLimit {
            block.lines.append(line)
        } else {
            block.omittedLines += 1
        }
    }
}

/// A place in a block.
private struct HPACKCursor {
    /// The next octet.
    var position = 0
    /// Where the current instruction begins.
    private(set) var start = 0
    private let end: Int

    init(bytes count: Int) { end = count }

    mutating func begin() { start = position }

    /// Reads an integer (RFC 7541 section 5.1).
    mutating func integer(_ bytes: Span<UInt8>, prefix bits: Int) throws(HPACKProblem) -> Int {
        guard position < end else { throw HPACKProblem(.truncated, at: end) }
        let mask: UInt8 = 0xFF >> UInt8(8 - bits)
        var value = UInt64(bytes[position] & mask)
        position += 1
        guard value == UInt64(mask) else { return Int(value) }
        var shift: UInt64 = 0
        while true {
            guard position < end else { throw HPACKProblem(.truncated, at: end) }
            guard shift < 56 else { throw HPACKProblem(.integerTooLarge, at: start) }
            let octet = bytes[position]
            position += 1
            value += UInt64(octet & 0x7F) << shift
            shift += 7
            guard value <= UInt64(UInt32.max) else { throw HPACKProblem(.integerTooLarge, at: start) }
            if octet & 0x80 == 0 { return Int(value) }
        }
    }

    /// Reads a string (RFC 7541 section 5.2) and returns whether it has the Huffman code.
    mutating func string(
        _ bytes: Span<UInt8>,
        into octets: inout [UInt8],
        _ block: inout HPACKBlock
    ) throws(HPACKProblem) -> Bool {
        guard position < end else { throw HPACKProblem(.truncated, at: end) }
        let isCoded = bytes[position] & 0x80 != 0
        let length = try integer(bytes, prefix: 7)
        guard length <= end - position else { throw HPACKProblem(.truncated, at: end) }
        let raw = bytes.extracting(position..<(position + length))
        position += length
        guard isCoded else {
            octets.append(octets: raw)
            return false
        }
        // The shortest code has five bits.
        octets.reserveCapacity(length * 8 / 5)
        switch HPACKHuffman.decoding.decode(raw, into: &octets) {
        case .decoded(nil): break
        case .decoded(let kind?): block.problems.append(HPACKProblem(kind, at: start))
        case .endOfString: throw HPACKProblem(.endOfString, at: start)
        }
        return true
    }
}
