/// A part of a field block that is written; nothing has to be right.
package enum HPACKInstruction: Sendable, Hashable {
    /// A field, in the shortest form that the tables allow; what is not in them enters the dynamic one.
    case field(FieldLine)
    /// A field that never enters a table, in the shortest form of that kind.
    case neverIndexed(FieldLine)
    /// A field whose form is given; where it is indexed, the index alone is written.
    case written(FieldLine, HPACKRepresentation)
    /// A size update; the encoder's table follows it.
    case sizeUpdate(Int)
    /// What is wrong in a way that has a name.
    case defect(HPACKDefect)
    /// Octets as they are; the encoder's table does not follow them.
    case octets([UInt8])
}

/// Writes the field blocks of one direction of a connection (RFC 7541).
package struct HPACKEncoder: Sendable {
    /// The dynamic table that a decoder has after what was written so far.
    package private(set) var table: HPACKDynamicTable
    /// Whether strings get the Huffman code where it is not longer.
    package var usesHuffman = true

    /// An encoder with an empty table.
    package init(tableSize: Int = 4_096) {
        table = HPACKDynamicTable(capacity: tableSize)
    }

    /// The block of a field section, in the shortest form.
    package mutating func encode(_ fields: [FieldLine]) -> [UInt8] {
        encode(fields.map { .field($0) })
    }

    /// The block of the instructions.
    package mutating func encode(_ instructions: [HPACKInstruction]) -> [UInt8] {
        var bytes: [UInt8] = []
        for instruction in instructions { append(instruction, to: &bytes) }
        return bytes
    }

    /// Appends an instruction.
    package mutating func append(_ instruction: HPACKInstruction, to bytes: inout [UInt8]) {
        switch instruction {
        case .field(let field): append(field, to: &bytes)
        case .neverIndexed(let field): append(field, literal(field, .never), to: &bytes)
        case .written(let field, let representation): append(field, representation, to: &bytes)
        case .sizeUpdate(let size):
            HPACKInteger.append(UInt64(max(0, size)), prefix: 5, octet: 0x20, to: &bytes)
            table.resize(to: max(0, size))
        case .defect(let defect): bytes += defect.octets
        case .octets(let octets): bytes += octets
        }
    }

    // MARK: - Fields

    private mutating func append(_ field: FieldLine, to bytes: inout [UInt8]) {
        if let found = find(field), found.isWhole {
            append(field, .indexed(found.index), to: &bytes)
        } else {
            append(field, literal(field, .incremental), to: &bytes)
        }
    }

    private func literal(_ field: FieldLine, _ indexing: HPACKIndexing) -> HPACKRepresentation {
        .literal(
            indexing,
            nameIndex: find(field)?.index ?? 0,
            huffmanName: gainsByHuffman(field.name),
            huffmanValue: gainsByHuffman(field.value)
        )
    }

    private func gainsByHuffman(_ octets: [UInt8]) -> Bool {
        usesHuffman && !octets.isEmpty && HPACKHuffman.encodedLength(octets) <= octets.count
    }

    /// The index of an entry that equals the field, or else of one with its name.
    private func find(_ field: FieldLine) -> (index: Int, isWhole: Bool)? {
        let named = HPACKStaticTable.indices[field.name]
        if var index = named {
            while index <= HPACKStaticTable.count, HPACKStaticTable.entries[index - 1].name == field.name {
                if HPACKStaticTable.entries[index - 1].value == field.value { return (index, true) }
                index += 1
            }
        }
        let dynamic = table.find(field)
        if dynamic?.isWhole == true { return dynamic }
        return named.map { ($0, false) } ?? dynamic
    }

    private mutating func append(
        _ field: FieldLine,
        _ representation: HPACKRepresentation,
        to bytes: inout [UInt8]
    ) {
        switch representation {
        case .indexed(let index):
            HPACKInteger.append(UInt64(max(0, index)), prefix: 7, octet: 0x80, to: &bytes)
        case .literal(let indexing, let nameIndex, let huffmanName, let huffmanValue):
            let (octet, bits) = indexing.prefix
            HPACKInteger.append(UInt64(max(0, nameIndex)), prefix: bits, octet: octet, to: &bytes)
            if nameIndex == 0 { Self.append(field.name, huffman: huffmanName, to: &bytes) }
            Self.append(field.value, huffman: huffmanValue, to: &bytes)
            if indexing == .incremental { table.insert(field) }
        }
    }

    private static func append(_ octets: [UInt8], huffman: Bool, to bytes: inout [UInt8]) {
        let length = huffman ? HPACKHuffman.encodedLength(octets) : octets.count
        HPACKInteger.append(UInt64(length), prefix: 7, octet: huffman ? 0x80 : 0, to: &bytes)
        if huffman {
            HPACKHuffman.encode(octets, into: &bytes)
        } else {
            bytes += octets
        }
    }
}

/// Integers of RFC 7541 section 5.1.
enum HPACKInteger {
    /// Appends an integer behind the high bits of its first octet; `padding` octets make it longer than it has to be.
    static func append(
        _ value: UInt64,
        prefix bits: Int,
        octet: UInt8,
        padding: Int = 0,
        to bytes: inout [UInt8]
    ) {
        let mask = UInt64(0xFF) >> UInt64(8 - bits)
        guard value >= mask else { return bytes.append(octet | UInt8(value)) }
        bytes.append(octet | UInt8(mask))
        var rest = value - mask
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        guard padding > 0 else { return bytes.append(UInt8(rest)) }
        bytes.append(UInt8(rest) | 0x80)
        for _ in 1..<padding { bytes.append(0x80) }
        bytes.append(0)
    }
}
