import WSLimits

/// How a server answers offers of permessage-deflate, and whether an answer fits them (RFC 7692 sections 5 and 7).
///
/// Both functions take the elements of all Sec-WebSocket-Extensions fields of a head, in their order, with those of
/// other extensions among them.
public enum DeflateNegotiation {
    /// The answer of a correct server that supports these answers, in its order of preference.
    ///
    /// It declines invalid offers (section 7) and goes through the others in the client's order (section 5).
    ///
    /// - Parameters:
    ///   - offers: What the request offers.
    ///   - answers: The answers; each gets what an offer demands in addition.
    /// - Returns: The first answer that the first offer with one permits; nil to go on without compression.
    public static func answer(
        to offers: some Sequence<ExtensionOffer>,
        supporting answers: [DeflateAnswer]
    ) -> DeflateAnswer? {
        for offer in offers.lazy.compactMap({ DeflateOffer($0) }) {
            for answer in answers {
                if let fitting = answer.fitting(offer) { return fitting }
            }
        }
        return nil
    }

    /// What is wrong with what a response accepts; nothing if it accepts no permessage-deflate.
    ///
    /// A response does not say which offer it accepts, so it is right if it fits any valid one. If it fits none, the
    /// problems are those with the offer that it comes nearest to.
    ///
    /// - Parameters:
    ///   - accepted: What the response accepts.
    ///   - offers: What the request offers.
    /// - Returns: The problems; those of the element's form come first.
    public static func problems(
        of accepted: some Sequence<ExtensionOffer>,
        to offers: some Sequence<ExtensionOffer>
    ) -> [DeflateProblem] {
        let accepted = Array(accepted)
        let elements = accepted.filter { DeflateParameters.isName($0.name) }
        guard let element = elements.first else { return [] }
        var problems = self.problems(ofForm: element, isAnswer: true)
        problems += problemsOfFit(element, to: offers.filter { DeflateParameters.isName($0.name) })
        if elements.count > 1 { problems.append(.repeatedElement(elements.count)) }
        if let other = accepted.first(where: { sharesReservedBit($0.name) }) {
            problems.append(.sharedReservedBit(other.name))
        }
        return problems
    }

    /// What is wrong with the form of an offer of permessage-deflate, or of an answer to one.
    ///
    /// - Parameters:
    ///   - element: The element, which has this extension's name.
    ///   - isAnswer: Whether it is of an answer, in which every parameter of a window has a value.
    /// - Returns: The problems in the order of the parameters, at most `Limits.headProblems` of them.
    public static func problems(ofForm element: ExtensionOffer, isAnswer: Bool = false) -> [DeflateProblem] {
        var problems: [DeflateProblem] = []
        var seen: Set<DeflateParameter> = []
        var repeated: Set<DeflateParameter> = []
        for parameter in element.parameters {
            // A head of 64 KiB can have ten thousand parameters.
            guard problems.count < Limits.headProblems.value else { break }
            guard let known = DeflateParameter(name: parameter.name) else {
                problems.append(.unknownParameter(parameter.name))
                continue
            }
            if !seen.insert(known).inserted, repeated.insert(known).inserted {
                problems.append(.repeatedParameter(known))
            }
            switch parameter.value {
            case nil where known == .serverMaxWindowBits || known == .clientMaxWindowBits && isAnswer:
                problems.append(.missingValue(known))
            case nil: break
            case let value? where !known.isWindow: problems.append(.unexpectedValue(known, value))
            case let value? where DeflateParameters.windowBits(value) == nil:
                problems.append(.invalidValue(known, value))
            case _?: break
            }
        }
        return problems
    }

    /// What keeps an answer from fitting any of the offers, whatever is wrong with its form.
    private static func problemsOfFit(_ element: ExtensionOffer, to offers: [ExtensionOffer]) -> [DeflateProblem] {
        guard let first = offers.first else { return [.notOffered] }
        var nearest: [DeflateProblem]?
        for offer in offers.lazy.compactMap({ DeflateOffer($0) }) {
            let problems = problems(of: element, to: offer)
            if problems.isEmpty { return [] }
            if problems.count < nearest?.count ?? .max { nearest = problems }
        }
        return nearest ?? problems(ofForm: first).prefix(1).map { .invalidOffer($0) }
    }

    private static func problems(of element: ExtensionOffer, to offer: DeflateOffer) -> [DeflateProblem] {
        let windows = element.parameters.filter { DeflateParameter(name: $0.name) == .serverMaxWindowBits }
        func has(_ parameter: DeflateParameter) -> Bool {
            element.parameters.contains { DeflateParameter(name: $0.name) == parameter }
        }
        var problems: [DeflateProblem] = []
        if offer.serverNoContextTakeover, !has(.serverNoContextTakeover) { problems.append(.missingServerContext) }
        if let most = offer.serverMaxWindowBits {
            let bits = windows.compactMap { $0.value.flatMap { DeflateParameters.windowBits($0) } }.max()
            if windows.isEmpty {
                problems.append(.missingServerWindow(most: most))
            } else if let bits, bits > most {
                problems.append(.largerServerWindow(bits, most: most))
            }
        }
        if offer.clientMaxWindowBits == nil, has(.clientMaxWindowBits) { problems.append(.unofferedClientWindow) }
        return problems
    }

    /// Whether another extension of this name uses RSV1, too: one that compresses messages or frames.
    private static func sharesReservedBit(_ name: String) -> Bool {
        let name = name.lowercased()
        guard name != DeflateParameters.name else { return false }
        return name.hasPrefix("permessage-") || ["x-webkit-deflate-frame", "deflate-frame"].contains(name)
    }
}
