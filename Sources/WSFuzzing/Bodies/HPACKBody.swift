import WSHTTP2
import WSKernels

/// Compares the HPACK decoder with another one, and with the encoder.
///
/// The first octet chooses the size of the tables; then come blocks, each behind an octet with its length.
///
/// Properties: fields and refusals are those of the other decoder; a table never exceeds its size; a block that is
/// written again as it was read says the same, and so do its fields when each encoder writes them.
package struct HPACKBody<Reference: HPACKReference>: FuzzBody {
    package static var name: String { "hpack" }
    package static var maximumInputLength: Int { 1_024 }
    package static var shape: InputShape { .octets }

    private static var sizes: [Int] { [4_096, 0, 40, 100, 256, 65_536] }

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        var cursor = OctetCursor(octets: Array(copying: input))
        let size = Self.sizes[cursor.index(of: Self.sizes.count)]
        var trial = Trial(size: size)
        while !cursor.isAtEnd {
            let block = cursor.take(Int(cursor.next()))
            if let finding = trial.take(block) { return finding }
        }
        return nil
    }

    private struct Trial {
        var decoder: HPACKDecoder
        var reference: Reference
        /// Whether the tables of both are still the same.
        var isComparable = true
        /// What reads the same, written again as it was.
        var copied: HPACKDecoder
        /// What reads the fields that our encoder writes, and the other one.
        var encoder: HPACKEncoder
        var encoded: HPACKDecoder
        var other: Reference
        var otherDecoder: HPACKDecoder

        init(size: Int) {
            decoder = HPACKDecoder(maximumTableSize: size)
            copied = decoder
            encoded = decoder
            otherDecoder = decoder
            reference = Reference(maximumTableSize: size)
            other = Reference(maximumTableSize: size)
            encoder = HPACKEncoder(tableSize: min(size, 4_096))
        }

        mutating func take(_ octets: [UInt8]) -> Finding? {
            let wasIntact = decoder.isIntact
            let block = decoder.decode(octets.span)
            if let finding = check(block, octets) { return finding }
            guard wasIntact else { return nil }
            if let finding = compare(block, octets) { return finding }
            guard block.problems.isEmpty else {
                // What can be read in spite of its problem moves our table on, and that of no other decoder.
                isComparable = false
                copied = decoder
                return nil
            }
            return writeAgain(block, octets)
        }

        private func check(_ block: HPACKBlock, _ octets: [UInt8]) -> Finding? {
            let table = decoder.table
            guard table.size <= table.capacity, table.size == table.entries.reduce(0, { $0 + $1.size }) else {
                return Self.finding("a table keeps its size", octets, "\(table)")
            }
            guard block.problems.allSatisfy({ (0...octets.count).contains($0.offset) }) else {
                return Self.finding("a problem lies in its block", octets, "\(block.problems)")
            }
            let size = block.lines.reduce(0) { $0 + $1.field.size }
            guard block.omittedLines > 0 || size == block.sectionSize else {
                return Self.finding("the size of a section is that of its lines", octets, "\(block)")
            }
            return nil
        }

        private mutating func compare(_ block: HPACKBlock, _ octets: [UInt8]) -> Finding? {
            guard isComparable else { return nil }
            let fields = reference.decode(octets)
            if let fields {
                // It reads integers that are longer than we read them, and what is behind them.
                let isLong = block.problems.contains { $0.kind == .integerTooLarge }
                if isLong {
                    isComparable = false
                    return nil
                }
                guard block.problems.isEmpty else {
                    return Self.finding("what is wrong is refused by the other decoder", octets, "\(block.problems)")
                }
                guard block.lines.allSatisfy({ $0.field.isUTF8 }) else {
                    // It replaces what is no UTF-8, so its table is another one.
                    isComparable = false
                    return nil
                }
                guard fields == block.fields || block.omittedLines > 0 else {
                    return Self.finding("fields are those of the other decoder", octets, "\(block.fields)\n\(fields)")
                }
            } else {
                isComparable = false
                guard block.problems.isEmpty else { return nil }
                // It takes no name without octets, nor more than two size updates.
                let isStrict = block.sizeUpdates.count > 2 || block.lines.contains { $0.field.name.isEmpty }
                guard isStrict || !block.lines.allSatisfy({ $0.field.isUTF8 }) else {
                    return Self.finding("what is right is taken by the other decoder", octets, "\(block.fields)")
                }
            }
            return nil
        }

        private mutating func writeAgain(_ block: HPACKBlock, _ octets: [UInt8]) -> Finding? {
            guard block.omittedLines == 0 else { return nil }
            var writer = HPACKEncoder()
            let updates = block.sizeUpdates.map { HPACKInstruction.sizeUpdate($0) }
            let again = writer.encode(updates + block.lines.map { .written($0.field, $0.representation) })
            let read = copied.decode(again.span)
            guard read.fields == block.fields, read.problems.isEmpty, copied.table.entries == decoder.table.entries
            else {
                return Self.finding("what is written again says the same", octets, "\(Hex.encode(again))\n\(read)")
            }
            guard read.lines.map(\.representation) == block.lines.map(\.representation) else {
                return Self.finding("what is written again is written the same", octets, Hex.encode(again))
            }
            let own = encoder.encode(block.fields)
            let readOwn = encoded.decode(own.span)
            guard readOwn.fields == block.fields, readOwn.problems.isEmpty else {
                return Self.finding("our encoder says the same", octets, "\(Hex.encode(own))\n\(readOwn)")
            }
            guard block.lines.allSatisfy({ $0.field.isUTF8 && $0.field.hasPlainName }) else { return nil }
            let others = other.encode(block.fields)
            let readOthers = otherDecoder.decode(others.span)
            guard readOthers.fields == block.fields, readOthers.problems.isEmpty else {
                return Self.finding("the other encoder is read", octets, "\(Hex.encode(others))\n\(readOthers)")
            }
            return nil
        }

        private static func finding(_ property: String, _ octets: [UInt8], _ detail: String) -> Finding {
            Finding(property, "\(Hex.encode(octets))\n\(detail)")
        }
    }
}

extension FieldLine {
    /// Whether name and value are UTF-8.
    fileprivate var isUTF8: Bool {
        String(validating: name, as: UTF8.self) != nil && String(validating: value, as: UTF8.self) != nil
    }

    /// Whether the name has lower-case letters, digits, hyphens and colons only.
    ///
    /// SwiftNIO's encoder takes names for the same that differ in one bit, as upper and lower case do, and no letters.
    fileprivate var hasPlainName: Bool {
        !name.isEmpty && name.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x3A).contains($0) || $0 == 0x2D }
    }
}
