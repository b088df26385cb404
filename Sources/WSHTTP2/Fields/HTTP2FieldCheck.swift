/// Checks field sections against RFC 9113 section 8 and RFC 8441.
package enum HTTP2FieldCheck {
    /// What is wrong with a section, in the order of its lines, then what it lacks.
    package static func problems(
        of fields: [FieldLine],
        as kind: HTTP2SectionKind,
        _ context: HTTP2SectionContext = HTTP2SectionContext()
    ) -> [HTTP2FieldProblem] {
        var check = Check(kind: kind)
        for field in fields { check.take(field, isChecked: true) }
        check.finish(context)
        return check.problems
    }

    /// The same for lines as they were read, and the control data; the entries of the static table are not looked at.
    static func inspect(
        _ lines: [HPACKLine],
        as kind: HTTP2SectionKind,
        _ context: HTTP2SectionContext
    ) -> (problems: [HTTP2FieldProblem], pseudo: HTTP2Pseudo) {
        var check = Check(kind: kind)
        for line in lines {
            if case .indexed(1...HPACKStaticTable.count) = line.representation {
                check.take(line.field, isChecked: false)
            } else {
                check.take(line.field, isChecked: true)
            }
        }
        check.finish(context)
        return (check.problems, check.pseudo)
    }

    /// The text of a name or a value in a detail.
    fileprivate static func quoted(_ octets: [UInt8]) -> String {
        String(decoding: octets.prefix(64), as: UTF8.self).debugDescription
    }

    private struct Check {
        let kind: HTTP2SectionKind
        var pseudo = HTTP2Pseudo()
        var problems: [HTTP2FieldProblem] = []
        private var hasField = false
        private var host: [UInt8]?
        private var hasContentLength = false

        init(kind: HTTP2SectionKind) { self.kind = kind }

        mutating func report(_ rule: HTTP2Rule, _ detail: String) {
            problems.append(HTTP2FieldProblem(rule, detail))
        }

        // MARK: Lines

        mutating func take(_ field: FieldLine, isChecked: Bool) {
            if isChecked {
                checkName(field.name)
                checkValue(field)
            }
            if field.isPseudo {
                takePseudo(field)
            } else {
                hasField = true
                takeField(field)
            }
        }

        private mutating func checkName(_ name: [UInt8]) {
            var hasUpper = false
            var hasInvalid = name.isEmpty || name == [0x3A]
            for (index, octet) in name.enumerated() {
                if octet &- 0x41 < 26 {
                    hasUpper = true
                } else if octet <= 0x20 || octet >= 0x7F || octet == 0x3A && index > 0 {
                    hasInvalid = true
                }
            }
            if hasUpper { report(.upperCaseName, "the name \(quoted(name))") }
            if hasInvalid { report(.invalidName, "the name \(quoted(name))") }
        }

        private mutating func checkValue(_ field: FieldLine) {
            func isBlank(_ octet: UInt8?) -> Bool { octet == 0x20 || octet == 0x09 }
            let hasInvalid = field.value.contains { $0 == 0 || $0 == 0x0A || $0 == 0x0D }
            guard hasInvalid || isBlank(field.value.first) || isBlank(field.value.last) else { return }
            report(.invalidValue, "the value \(quoted(field.value)) of \(quoted(field.name))")
        }

        private mutating func takePseudo(_ field: FieldLine) {
            if hasField { report(.pseudoAfterField, "\(quoted(field.name)) behind a field") }
            let isOfResponse = field.isNamed(":status")
            guard kind != .trailers, isOfResponse == (kind == .response) else {
                return report(.pseudoUndefined, "\(quoted(field.name)) in \(kind.name)")
            }
            switch pseudo.take(field) {
            case .taken: break
            case .repeated: report(.pseudoRepeated, "\(quoted(field.name)) twice")
            case .undefined: report(.pseudoUndefined, "\(quoted(field.name))")
            }
        }

        private mutating func takeField(_ field: FieldLine) {
            // The names below have these lengths; most others need no comparison.
            switch field.name.count {
            case 2 where field.isNamed("te"):
                if kind == .response || !field.value.elementsEqual("trailers".utf8) {
                    report(.teValue, "te with the value \(quoted(field.value)) in \(kind.name)")
                }
            case 4 where field.isNamed("host"): host = host ?? field.value
            case 7 where field.isNamed("upgrade"), 10 where field.isNamed("connection") || field.isNamed("keep-alive"),
                16 where field.isNamed("proxy-connection"), 17 where field.isNamed("transfer-encoding"):
                report(.connectionField, "the field \(quoted(field.name))")
            case 14 where field.isNamed("content-length"):
                let isNumber = !field.value.isEmpty && field.value.allSatisfy { (0x30...0x39).contains($0) }
                if hasContentLength || !isNumber {
                    report(.contentLengthInvalid, "content-length \(quoted(field.value))")
                }
                hasContentLength = true
            default: break
            }
        }

        // MARK: The whole

        mutating func finish(_ context: HTTP2SectionContext) {
            switch kind {
            case .request: finishRequest(context)
            case .response: finishResponse(context)
            case .trailers: break
            }
        }

        private mutating func finishRequest(_ context: HTTP2SectionContext) {
            if pseudo.method == nil { report(.pseudoMissing, "no :method") }
            if let authority = pseudo.authority {
                if authority.contains(0x40) { report(.authorityInvalid, "the authority \(quoted(authority))") }
                if let host, !host.isEqualIgnoringCase(authority) {
                    report(.authorityInvalid, "host \(quoted(host)) beside the authority \(quoted(authority))")
                }
            }
            if let name = pseudo.connectProtocol {
                if !context.isProtocolEnabled { report(.protocolNotEnabled, "\(quoted(name)) without the setting") }
                guard pseudo.isConnect else {
                    report(.protocolWithoutConnect, ":protocol with \(quoted(pseudo.method ?? []))")
                    return finishOrdinary()
                }
                finishExtendedConnect()
            } else if pseudo.isConnect {
                if pseudo.scheme != nil || pseudo.path != nil { report(.connectPseudo, "CONNECT with scheme or path") }
                if pseudo.authority == nil { report(.connectPseudo, "CONNECT without an authority") }
            } else {
                finishOrdinary()
            }
        }

        private mutating func finishOrdinary() {
            if pseudo.scheme == nil { report(.pseudoMissing, "no :scheme") }
            if pseudo.path == nil { report(.pseudoMissing, "no :path") }
            checkPath()
        }

        private mutating func finishExtendedConnect() {
            if pseudo.scheme == nil { report(.extendedConnectPseudo, ":protocol without :scheme") }
            if pseudo.path == nil { report(.extendedConnectPseudo, ":protocol without :path") }
            checkPath()
            if pseudo.isWebSocket, let scheme = pseudo.scheme, !Self.isHTTP(scheme) {
                report(.webSocketScheme, "the scheme \(quoted(scheme))")
            }
        }

        private mutating func checkPath() {
            guard let path = pseudo.path, path.isEmpty, pseudo.scheme.map(Self.isHTTP) ?? true else { return }
            report(.pathEmpty, "an empty :path")
        }

        private static func isHTTP(_ scheme: [UInt8]) -> Bool {
            scheme.isEqualIgnoringCase(Array("http".utf8)) || scheme.isEqualIgnoringCase(Array("https".utf8))
        }

        private mutating func finishResponse(_ context: HTTP2SectionContext) {
            guard let octets = pseudo.statusOctets else { return report(.pseudoMissing, "no :status") }
            guard let status = pseudo.status else { return report(.statusInvalid, "the status \(quoted(octets))") }
            if status == 101 { report(.statusSwitchingProtocols, "the status 101") }
            if context.answersConnect, (200...299).contains(status), hasContentLength {
                report(.contentLengthInConnect, "content-length in a response \(status) to CONNECT")
            }
        }
    }
}

/// The text of a name or a value in a detail.
private func quoted(_ octets: [UInt8]) -> String { HTTP2FieldCheck.quoted(octets) }

extension HTTP2SectionKind {
    /// The kind with its article.
    package var name: String {
        switch self {
        case .request: "a request"
        case .response: "a response"
        case .trailers: "a trailer section"
        }
    }
}

extension [UInt8] {
    /// Whether the octets are the same but for the case of ASCII letters.
    fileprivate func isEqualIgnoringCase(_ other: [UInt8]) -> Bool {
        elementsEqual(other) { one, two in
            one == two || one | 0x20 == two | 0x20 && (0x61...0x7A).contains(one | 0x20)
        }
    }
}
