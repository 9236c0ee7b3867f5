@B.1.3 @sut:server
Feature: The Controlling Function gives invitations up

  @IMSpec-SMM-S-002 @M
  Rule: An INVITE without a final response is cancelled (7.2.2.4)

    @7.2.2.4-1
    Scenario: the server gives up an invitation that rings
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob lets invitations ring
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob rings
      When the IM Server cancels the invitations
      Then Bob is told that the invitation was given up

    @7.2.2.4-1
    Scenario: the originator gives the session up before anybody has answered
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob lets invitations ring
      And Ted lets invitations ring
      When Alice begins to invite Bob and Ted to an ad-hoc session
      Then Bob rings
      And Ted rings
      When Alice gives the invitation up
      Then Bob is told that the invitation was given up
      And Ted is told that the invitation was given up

    @7.2.2.4-1
    Scenario: the session ends while a user has not answered yet
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob lets invitations ring
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob rings
      When Alice leaves the session
      Then Bob is told that the invitation was given up

    @7.2.2.2-4
    Scenario: a user accepts while the server gives the invitation up
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob lets invitations ring
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob rings
      When the IM Server cancels the invitations while Bob accepts
      And Alice sends a message in the session
      Then Ted receives the message

    @7.2.2.2-4
    Scenario: a user refuses before the server gives the invitations up
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob refuses invitations with 486
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob and Ted are each invited
      When the IM Server cancels the invitations
      And Alice sends a message in the session
      Then Ted receives the message

    @6.1.1.2.7-1
    Scenario: the originator gives the session up as the invited user accepts
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And Bob lets invitations ring
      When Alice begins to invite Bob to an ad-hoc session
      Then Alice hears it ring
      When Bob accepts the invitation while Alice gives it up
      Then Bob is released from the session
