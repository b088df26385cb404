import WSProtocol

/// How a server answers offers of permessage-deflate, with its defects.
extension ModelServer {
    /// The elements that accept one of the offers; none to decline them.
    func compressionAnswers(to offers: [ExtensionOffer]) -> [String] {
        let defects = settings.defects
        guard !defects.contains(.declinesCompression) else { return [] }
        let read = defects.isEmpty ? offers : misreadOffers(offers)
        var supported = settings.compression
        if defects.contains(.limitsEverything) {
            let all = DeflateAnswer(
                serverNoContextTakeover: true,
                clientNoContextTakeover: true,
                serverMaxWindowBits: 9,
                clientMaxWindowBits: 9
            )
            var others = all
            others.clientMaxWindowBits = nil
            supported = [all, others]
        }
        guard let answer = DeflateNegotiation.answer(to: read, supporting: supported) else { return [] }
        guard !defects.isEmpty else { return [answer.element.text] }
        let text = spoiled(answer, offers).text
        return defects.contains(.acceptsCompressionTwice) ? [text, text] : [text]
    }

    /// The status with which a server with the defects refuses valid offers; nil if it does not.
    func refusalOfOffers(_ offers: [ExtensionOffer]) -> Int? {
        let defects = settings.defects
        let deflate = offers.filter { DeflateParameters.isName($0.name) }
        if defects.contains(.refusesInvalidOffers), deflate.contains(where: { DeflateOffer($0) == nil }) { return 400 }
        if defects.contains(.refusesParameters), deflate.contains(where: { !$0.parameters.isEmpty }) { return 500 }
        let isSmallest = deflate.contains { DeflateOffer($0)?.serverMaxWindowBits == 8 }
        return defects.contains(.refusesSmallestWindow) && isSmallest ? 500 : nil
    }

    /// The offers as a server with the defects reads them.
    private func misreadOffers(_ offers: [ExtensionOffer]) -> [ExtensionOffer] {
        let defects = settings.defects
        var read = offers.map { mended($0) }
        let mentionsDeflate = offers.contains { $0.text.lowercased().contains(DeflateParameters.name) }
        if defects.contains(.findsDeflateAnywhere), mentionsDeflate {
            read.append(ExtensionOffer(name: DeflateParameters.name))
        }
        return defects.contains(.prefersLastOffer) ? read.reversed() : read
    }

    /// An offer without what the defects overlook in it.
    private func mended(_ offer: ExtensionOffer) -> ExtensionOffer {
        let defects = settings.defects
        var offer = offer
        if defects.contains(.acceptsUnknownDeflateParameters) {
            offer.parameters.removeAll { DeflateParameter(name: $0.name) == nil }
        }
        if defects.contains(.acceptsInvalidWindows) {
            offer.parameters.removeAll { parameter in
                let isServers = DeflateParameter(name: parameter.name) == .serverMaxWindowBits
                let isWindow = DeflateParameter(name: parameter.name)?.isWindow == true
                guard let value = parameter.value else { return isServers }
                return isWindow && DeflateParameters.windowBits(value) == nil
            }
        }
        if defects.contains(.acceptsTakeoverValues) {
            for index in offer.parameters.indices
            where DeflateParameter(name: offer.parameters[index].name)?.isWindow == false {
                offer.parameters[index].value = nil
            }
        }
        if defects.contains(.acceptsRepeatedDeflateParameters) {
            var seen: Set<String> = []
            offer.parameters.removeAll { !seen.insert($0.name.lowercased()).inserted }
        }
        return offer
    }

    /// The element of an answer, with the defects.
    private func spoiled(_ answer: DeflateAnswer, _ offers: [ExtensionOffer]) -> ExtensionOffer {
        let defects = settings.defects
        var answer = answer
        let demands = offers.compactMap { DeflateOffer($0) }
        let isLimitable = demands.contains { $0.clientMaxWindowBits != nil }
        let isLimitableElsewhere = offers.contains { offer in
            offer.parameters.contains { DeflateParameter(name: $0.name) == .clientMaxWindowBits }
        }
        if defects.contains(.omitsServerContext) { answer.serverNoContextTakeover = false }
        if defects.contains(.omitsServerWindow) { answer.serverMaxWindowBits = nil }
        if defects.contains(.enlargesServerWindow) {
            answer.serverMaxWindowBits = answer.serverMaxWindowBits.map { min($0 + 1, 15) }
        }
        if defects.contains(.limitsClientUnasked) && !isLimitable
            || defects.contains(.readsParametersOfOthers) && isLimitableElsewhere
        {
            answer.clientMaxWindowBits = 15
        }
        var element = answer.element
        func add(_ parameter: DeflateParameter, _ value: String? = nil) {
            element.parameters.append(ExtensionParameter(name: parameter.rawValue, value: value))
        }
        if defects.contains(.invalidServerWindow) {
            element.parameters.removeAll { DeflateParameter(name: $0.name) == .serverMaxWindowBits }
            add(.serverMaxWindowBits, "16")
        }
        if defects.contains(.omitsClientWindowValue), isLimitable { add(.clientMaxWindowBits) }
        if defects.contains(.givesTakeoverValue) {
            element.parameters.removeAll { DeflateParameter(name: $0.name) == .serverNoContextTakeover }
            add(.serverNoContextTakeover, "1")
        }
        if defects.contains(.givesClientTakeoverValue) {
            element.parameters.removeAll { DeflateParameter(name: $0.name) == .clientNoContextTakeover }
            add(.clientNoContextTakeover, "1")
        }
        if defects.contains(.repeatsDeflateParameter) {
            if element.parameters.isEmpty { add(.serverNoContextTakeover) }
            element.parameters += element.parameters.prefix(1)
        }
        return element
    }
}
