import WSLimits

extension HTTPHead {
    /// Parses the bytes of a head; each error becomes a problem, and parsing continues with the next line.
    public init(kind: Kind, raw: [UInt8]) {
        self.kind = kind
        self.raw = raw
        startLine = 0..<0
        fields = []
        problems = []
        var position = 0
        var hasStartLine = false
        // Whether a line that begins with whitespace would continue a field.
        var isFoldable = false
        while position < raw.count {
            let line = takeLine(from: &position)
            if !hasStartLine {
                guard !line.isEmpty else {
                    report(.leadingEmptyLine, at: line.lowerBound)
                    continue
                }
                hasStartLine = true
                readStartLine(line)
            } else if line.isEmpty {
                break
            } else if HTTPGrammar.isWhitespace(raw[line.lowerBound]) {
                fold(line, isFoldable: isFoldable)
            } else {
                isFoldable = readField(line)
            }
        }
        problems.sort { $0.offset < $1.offset }
    }

    private mutating func report(_ rule: HTTPRule, at offset: Int) {
        guard problems.count < Limits.headProblems.value else { return }
        problems.append(HTTPProblem(rule: rule, offset: offset))
    }

    /// Takes the next line and returns it without its terminator.
    private mutating func takeLine(from position: inout Int) -> Range<Int> {
        let start = position
        let feed = raw[start...].firstIndex(of: HTTPGrammar.lineFeed) ?? raw.count
        position = min(feed + 1, raw.count)
        var end = feed
        if end > start, raw[end - 1] == HTTPGrammar.carriageReturn {
            end -= 1
        } else if feed < raw.count {
            report(.bareLineFeed, at: feed)
        }
        return start..<end
    }

    private mutating func readStartLine(_ line: Range<Int>) {
        startLine = line
        reportControlBytes(in: line)
        switch kind {
        case .request:
            if RequestLine(text(line)) == nil { report(.malformedStartLine, at: line.lowerBound) }
        case .response:
            let text = text(line)
            if StatusLine(text) == nil {
                report(.malformedStartLine, at: line.lowerBound)
            } else if text.utf8.count(where: { $0 == HTTPGrammar.space }) < 2 {
                report(.missingSpaceAfterStatus, at: line.upperBound)
            }
        }
    }

    /// Reads a field line and returns whether it is one.
    private mutating func readField(_ line: Range<Int>) -> Bool {
        guard let colon = raw[line].firstIndex(of: HTTPGrammar.colon) else {
            report(.missingColon, at: line.lowerBound)
            return false
        }
        let name = HTTPGrammar.trimmed(line.lowerBound..<colon, in: raw)
        if name.upperBound < colon { report(.whitespaceBeforeColon, at: name.upperBound) }
        if let foreign = name.isEmpty ? colon : name.first(where: { !HTTPGrammar.isTokenByte(raw[$0]) }) {
            report(.invalidFieldName, at: foreign)
        }
        let value = (colon + 1)..<line.upperBound
        reportControlBytes(in: value)
        fields.append(Field(name: name, value: HTTPGrammar.trimmed(value, in: raw), lineOffset: line.lowerBound))
        return true
    }

    /// Adds a line that begins with whitespace to the value of the field before it, or drops it.
    private mutating func fold(_ line: Range<Int>, isFoldable: Bool) {
        guard let last = fields.indices.last else {
            report(.whitespaceBeforeFirstField, at: line.lowerBound)
            return
        }
        report(.obsoleteLineFolding, at: line.lowerBound)
        reportControlBytes(in: line)
        let text = HTTPGrammar.trimmed(line, in: raw)
        guard isFoldable, !text.isEmpty else { return }
        let value = fields[last].value
        fields[last].value = (value.isEmpty ? text.lowerBound : value.lowerBound)..<text.upperBound
    }

    /// Reports a line's first control byte and its first bare CR.
    private mutating func reportControlBytes(in line: Range<Int>) {
        let bytes = raw[line]
        if let index = bytes.firstIndex(of: HTTPGrammar.carriageReturn) { report(.bareCarriageReturn, at: index) }
        let isOtherControl = { HTTPGrammar.isControl($0) && $0 != HTTPGrammar.carriageReturn }
        if let index = bytes.firstIndex(where: isOtherControl) { report(.controlByte, at: index) }
    }
}
