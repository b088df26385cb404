/// A way in which a field block is wrong, by name.
package enum HPACKDefect: String, Sendable, Hashable, CaseIterable {
    /// An indexed field with index 0.
    case indexZero = "index-zero"
    /// An indexed field with index 4,095, which no table has.
    case indexBeyondTables = "index-beyond-tables"
    /// A literal field whose name has such an index.
    case nameBeyondTables = "name-beyond-tables"
    /// An index of 64 bits.
    case integerOverflow = "integer-overflow"
    /// An index that goes on for sixteen octets without a value.
    case endlessInteger = "endless-integer"
    /// A block that ends inside an index.
    case truncatedInteger = "truncated-integer"
    /// A block that ends inside a string.
    case truncatedString = "truncated-string"
    /// A string that claims more octets than any block may have.
    case hugeString = "huge-string"
    /// A string with the code EOS.
    case endOfString = "end-of-string"
    /// A string with eight bits of padding.
    case paddingTooLong = "padding-too-long"
    /// A string whose padding is zeros.
    case paddingZeros = "padding-zeros"
    /// A field, and a size update behind it.
    case sizeUpdateAfterField = "size-update-after-field"
    /// A size update to 2³² - 1 octets.
    case hugeSizeUpdate = "huge-size-update"

    /// The octets; what is truncated has to be last in its block.
    package var octets: [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .indexZero: bytes = [0x80]
        case .indexBeyondTables: HPACKInteger.append(4_095, prefix: 7, octet: 0x80, to: &bytes)
        case .nameBeyondTables:
            HPACKInteger.append(4_095, prefix: 4, octet: 0x00, to: &bytes)
            bytes += [0x01, 0x61]
        case .integerOverflow: HPACKInteger.append(.max, prefix: 7, octet: 0x80, to: &bytes)
        case .endlessInteger: HPACKInteger.append(0x7F, prefix: 7, octet: 0x80, padding: 16, to: &bytes)
        case .truncatedInteger: bytes = [0xFF, 0x80]
        case .truncatedString: bytes = [0x00, 0x01, 0x61, 0x05, 0x61]
        case .hugeString:
            bytes = [0x00]
            HPACKInteger.append(UInt64(UInt32.max), prefix: 7, octet: 0x00, to: &bytes)
        // The value "a" is 00011 in the code; thirty set bits are EOS.
        case .endOfString: bytes = [0x00, 0x01, 0x61, 0x85, 0x1F, 0xFF, 0xFF, 0xFF, 0xFF]
        case .paddingTooLong: bytes = [0x00, 0x01, 0x61, 0x82, 0x1F, 0xFF]
        case .paddingZeros: bytes = [0x00, 0x01, 0x61, 0x81, 0x18]
        case .sizeUpdateAfterField: bytes = [0x82, 0x20]
        case .hugeSizeUpdate: HPACKInteger.append(UInt64(UInt32.max), prefix: 5, octet: 0x20, to: &bytes)
        }
        return bytes
    }

    /// What a decoder says of a block that consists of it.
    package var problem: HPACKProblem.Kind {
        switch self {
        case .indexZero: .indexZero
        case .indexBeyondTables, .nameBeyondTables: .indexBeyondTables(4_095)
        case .integerOverflow, .endlessInteger: .integerTooLarge
        case .truncatedInteger, .truncatedString, .hugeString: .truncated
        case .endOfString: .endOfString
        case .paddingTooLong: .paddingTooLong
        case .paddingZeros: .paddingNotOnes
        case .sizeUpdateAfterField: .sizeUpdateAfterField
        case .hugeSizeUpdate: .sizeUpdateTooLarge(Int(UInt32.max))
        }
    }
}
