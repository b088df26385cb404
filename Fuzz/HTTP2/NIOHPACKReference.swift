import NIOCore
import NIOHPACK
import WSFuzzing
package import WSHTTP2

/// SwiftNIO's encoder and decoder.
package struct NIOHPACKReference: HPACKReference {
    private var decoder: NIOHPACK.HPACKDecoder
    private var encoder: NIOHPACK.HPACKEncoder
    private let allocator = ByteBufferAllocator()

    package init(maximumTableSize: Int) {
        let size = min(maximumTableSize, 4_096)
        decoder = NIOHPACK.HPACKDecoder(
            allocator: allocator,
            maxDynamicTableSize: maximumTableSize,
            maxHeaderListSize: 1 << 24
        )
        encoder = NIOHPACK.HPACKEncoder(allocator: allocator, maxDynamicTableSize: size)
        guard maximumTableSize > size else { return }
        // Both ends begin with a table of 4,096 octets, whatever is allowed; this one begins with what is allowed.
        var update = ByteBuffer(bytes: [0x3F, 0xE1, 0x1F])
        _ = try? decoder.decodeHeaders(from: &update)
    }

    package mutating func decode(_ block: [UInt8]) -> [FieldLine]? {
        var buffer = ByteBuffer(bytes: block)
        guard let headers = try? decoder.decodeHeaders(from: &buffer) else { return nil }
        return headers.map { FieldLine($0.name, $0.value) }
    }

    package mutating func encode(_ fields: [FieldLine]) -> [UInt8] {
        var headers = HPACKHeaders()
        for field in fields {
            let name = String(decoding: field.name, as: UTF8.self)
            headers.add(name: name, value: String(decoding: field.value, as: UTF8.self))
        }
        var buffer = allocator.buffer(capacity: 256)
        guard (try? encoder.encode(headers: headers, to: &buffer)) != nil else { return [] }
        return Array(buffer.readableBytesView)
    }
}
