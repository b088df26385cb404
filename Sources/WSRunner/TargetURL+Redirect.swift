import WSLimits

extension TargetURL {
    /// What to do about a redirect of the opening handshake, which is never followed.
    ///
    /// A client may follow one (RFC 6455, 4.1), but a tester has to test what it was pointed at.
    ///
    /// - Parameter place: The value of Location; nil if there was none.
    /// - Returns: The end of a sentence, which quotes the place.
    func advice(redirectedTo place: String?) -> String {
        guard let place, !place.isEmpty else { return "it redirects without a Location to say where; check the path" }
        let quoted = Limits.quotation.cut(place)
        guard let there = address(redirectedTo: place) else {
            return
                "it redirects to '\(quoted)', which is no address of a WebSocket; check the path, or what stands before it"
        }
        guard there != text else {
            return "it redirects to itself; it may want credentials: --header 'Authorization: …' or --cookie"
        }
        return "redirects are not followed; test the place that it names: \(Limits.quotation.cut(there))"
    }

    /// The WebSocket address that a Location means; nil if it means none.
    private func address(redirectedTo place: String) -> String? {
        let lowered = place.lowercased()
        var absolute = place
        for (scheme, ours) in [("https://", "wss://"), ("http://", "ws://")] where lowered.hasPrefix(scheme) {
            absolute = ours + place.dropFirst(scheme.count)
        }
        if place.hasPrefix("//") {
            absolute = "\(text.prefix { $0 != ":" }):\(place)"
        } else if place.hasPrefix("/") {
            absolute = base + place
        }
        // A fragment is for the one who asked (RFC 9110, 10.2.2), and an address has none.
        absolute = String(absolute.prefix { $0 != "#" })
        guard absolute.lowercased().hasPrefix("wss://") || (try? TargetURL(absolute)) != nil else { return nil }
        return absolute
    }

    /// The address without path and query.
    private var base: String {
        guard socketPath == nil else { return endpoint.addressBase }
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        return String(text[..<start] + text[start...].prefix { $0 != "/" && $0 != "?" })
    }
}
