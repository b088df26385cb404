/// Whether a literal field enters the dynamic table (RFC 7541 section 6.2).
package enum HPACKIndexing: Sendable, Hashable, CaseIterable {
    /// It does (section 6.2.1).
    case incremental
    /// It does not (section 6.2.2).
    case without
    /// It does not, nor may it when it is forwarded (section 6.2.3).
    case never

    /// The first octet without an index, and how many of its bits hold one.
    var prefix: (octet: UInt8, bits: Int) {
        switch self {
        case .incremental: (0x40, 6)
        case .without: (0x00, 4)
        case .never: (0x10, 4)
        }
    }
}

/// How a field is written in a block (RFC 7541 section 6).
package enum HPACKRepresentation: Sendable, Hashable {
    /// By the index of an entry.
    case indexed(Int)
    /// By a value, and by the index of an entry with its name; index 0 means that the name is written, too.
    case literal(HPACKIndexing, nameIndex: Int, huffmanName: Bool, huffmanValue: Bool)
}

/// A field as it was read from a block.
package struct HPACKLine: Sendable, Hashable {
    /// The field.
    package var field: FieldLine
    /// How it is written.
    package var representation: HPACKRepresentation
    /// The octet of the block where it begins.
    package var offset: Int

    /// A field at an octet of a block.
    package init(_ field: FieldLine, _ representation: HPACKRepresentation, offset: Int) {
        self.field = field
        self.representation = representation
        self.offset = offset
    }
}

/// What a field block holds.
package struct HPACKBlock: Sendable, Hashable {
    /// The fields in their order, as far as `field-section` allows.
    package var lines: [HPACKLine] = []
    /// The sizes that its size updates set.
    package var sizeUpdates: [Int] = []
    /// The size of all of its fields, as SETTINGS_MAX_HEADER_LIST_SIZE counts (RFC 9113 section 6.5.2).
    package var sectionSize = 0
    /// How many fields were read and not kept.
    package var omittedLines = 0
    /// What is wrong with it, in the order of its octets; after a fatal problem nothing was read.
    package var problems: [HPACKProblem] = []

    /// A block without anything.
    package init() {}

    /// The fields without how they are written.
    package var fields: [FieldLine] { lines.map(\.field) }
}
