/// The static table of RFC 7541, appendix A.
package enum HPACKStaticTable {
    /// The number of entries, whose indices begin with 1.
    package static let count = 61

    /// The entries; the first one has index 1.
    package static let entries: [FieldLine] = [
        FieldLine(":authority", ""),
        FieldLine(":method", "GET"),
        FieldLine(":method", "POST"),
        FieldLine(":path", "/"),
        FieldLine(":path", "/index.html"),
        FieldLine(":scheme", "http"),
        FieldLine(":scheme", "https"),
        FieldLine(":status", "200"),
        FieldLine(":status", "204"),
        FieldLine(":status", "206"),
        FieldLine(":status", "304"),
        FieldLine(":status", "400"),
        FieldLine(":status", "404"),
        FieldLine(":status", "500"),
        FieldLine("accept-charset", ""),
        FieldLine("accept-encoding", "gzip, deflate"),
        FieldLine("accept-language", ""),
        FieldLine("accept-ranges", ""),
        FieldLine("accept", ""),
        FieldLine("access-control-allow-origin", ""),
        FieldLine("age", ""),
        FieldLine("allow", ""),
        FieldLine("authorization", ""),
        FieldLine("cache-control", ""),
        FieldLine("content-disposition", ""),
        FieldLine("content-encoding", ""),
        FieldLine("content-language", ""),
        FieldLine("content-length", ""),
        FieldLine("content-location", ""),
        FieldLine("content-range", ""),
        FieldLine("content-type", ""),
        FieldLine("cookie", ""),
        FieldLine("date", ""),
        FieldLine("etag", ""),
        FieldLine("expect", ""),
        FieldLine("expires", ""),
        FieldLine("from", ""),
        FieldLine("host", ""),
        FieldLine("if-match", ""),
        FieldLine("if-modified-since", ""),
        FieldLine("if-none-match", ""),
        FieldLine("if-range", ""),
        FieldLine("if-unmodified-since", ""),
        FieldLine("last-modified", ""),
        FieldLine("link", ""),
        FieldLine("location", ""),
        FieldLine("max-forwards", ""),
        FieldLine("proxy-authenticate", ""),
        FieldLine("proxy-authorization", ""),
        FieldLine("range", ""),
        FieldLine("referer", ""),
        FieldLine("refresh", ""),
        FieldLine("retry-after", ""),
        FieldLine("server", ""),
        FieldLine("set-cookie", ""),
        FieldLine("strict-transport-security", ""),
        FieldLine("transfer-encoding", ""),
        FieldLine("user-agent", ""),
        FieldLine("vary", ""),
        FieldLine("via", ""),
        FieldLine("www-authenticate", ""),
    ]

    /// The index of the first entry with each name.
    static let indices: [[UInt8]: Int] = {
        var indices: [[UInt8]: Int] = [:]
        for (index, entry) in entries.enumerated() where indices[entry.name] == nil { indices[entry.name] = index + 1 }
        return indices
    }()
}
