import WSHTTP2
import WSLink

/// Divides the octets of one direction of a connection into those of frames and what DATA carry.
///
/// It reads the headers of frames and nothing else, and the length of padding, so it need not be told whether they are
/// right: octets that are no frames are taken for frames of some type, and kept.
struct CarrierCut: Sendable {
    /// The octets left of a client's preface.
    private var preface: Int
    /// The octets of a header that has begun.
    private var header: [UInt8] = []
    /// The octets left of the frame's payload, without what is left of its content.
    private var literal = 0
    /// The octets left of what the DATA frame carries.
    private var content = 0
    /// Whether the next octet is the length of padding.
    private var padsNext = false

    init(sender: HTTP2Role) {
        preface = sender == .client ? HTTP2Frame.preface.count : 0
    }

    mutating func parts(of bytes: Span<UInt8>) -> [LinkCarrierPart] {
        var parts: [LinkCarrierPart] = []
        var kept: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if content > 0 {
                let count = min(content, bytes.count - index)
                if !kept.isEmpty { parts.append(.octets(kept)) }
                kept = []
                if case .data(let before)? = parts.last {
                    parts[parts.count - 1] = .data(before + count)
                } else {
                    parts.append(.data(count))
                }
                content -= count
                index += count
                continue
            }
            let octet = bytes[index]
            kept.append(octet)
            index += 1
            take(octet)
        }
        if !kept.isEmpty { parts.append(.octets(kept)) }
        return parts
    }

    private mutating func take(_ octet: UInt8) {
        if preface > 0 {
            preface -= 1
        } else if padsNext {
            padsNext = false
            // Padding follows the content; where it would be as long as the payload, there is none.
            literal -= 1
            content = max(0, literal - Int(octet))
            literal -= content
        } else if literal > 0 {
            literal -= 1
        } else {
            header.append(octet)
            guard header.count == HTTP2FrameHeader.encodedLength else { return }
            let length = header[..<3].reduce(0) { $0 << 8 | Int($1) }
            let isData = header[3] == HTTP2FrameType.data.rawValue
            padsNext = isData && HTTP2Flags(rawValue: header[4]).contains(.padded) && length > 0
            content = isData && !padsNext ? length : 0
            literal = length - content
            header.removeAll(keepingCapacity: true)
        }
    }
}
