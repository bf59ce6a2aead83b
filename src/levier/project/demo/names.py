"""Plausible names and places, combined at random by a seeded generator: nobody in particular."""

_FIRST_NAMES = """
Adèle Adrien Agathe Alain Alexandre Alice Alix Amandine Amélie Amina Anaïs André Annick Antoine
Arnaud Arthur Aurélie Awa Axel Baptiste Béatrice Benoît Bernard Brigitte Bruno Camille Caroline
Catherine Cécile Céline Charlotte Chloé Christian Christine Claire Clément Colette Damien Daniel
David Delphine Denis Didier Dominique Édith Élise Élodie Emma Éric Estelle Étienne Eugénie Fabien
Fanny Farid Fatou Florence Florian François Françoise Frédéric Gabriel Gaëlle Geneviève Georges
Gilles Guillaume Guy Hanane Hélène Henri Hugo Inès Isabelle Jacques Jade Jean Jean-Luc Jeanne
Jérôme Joël Joséphine Julie Julien Karim Karine Khadija Laëtitia Laurence Laurent Léa Leïla Léo
Lina Louis Louise Luc Lucas Lucie Madeleine Maëlle Manon Marc Marie Marie-Ange Marine Martine
Mathilde Mathis Maud Maxime Mehdi Mélanie Michel Mireille Mohamed Monique Morgane Moussa Nadia
Nathalie Nicolas Nina Noé Noémie Odile Olivier Pascal Patrick Paul Pauline Philippe Pierre Rachel
Raphaël Régine Rémi Renaud Robin Romain Rose Sabine Salomé Samir Samuel Sandrine Sarah Sébastien
Serge Simon Simone Solène Sophie Stéphane Suzanne Sylvain Sylvie Tanguy Théo Thérèse Thierry Thomas
Tom Valérie Victor Vincent Viviane Xavier Yann Yasmine Yves Yvette Zoé
"""

_LAST_NAMES = """
André Arnaud Aubert Bailly Barbier Baron Barre Benali Benoit Bernard Berthelot Bertin Besson Blanc
Blanchard Bonnet Boucher Boulanger Bourgeois Boyer Briand Brun Camara Carlier Caron Carpentier
Chauvin Chevalier Clément Colin Collet Cordier Cousin Coulibaly Da-Silva David Delattre Delaunay
Denis Descamps Diallo Diarra Dubois Dufour Dumas Dumont Dupont Dupuis Durand Duval Fabre Faure
Fernandez Ferreira Fleury Fontaine Fournier Gaillard Garcia Garnier Gauthier Gautier Gérard Germain
Girard Giraud Gomez Gonzalez Guérin Guillot Haddad Hamon Henry Hoarau Huet Hubert Jacob Jacquet
Joly Julien Kaya Lacroix Lambert Langlois Laurent Leblanc Leclerc Lefebvre Lefèvre Legrand Lemaire
Lemoine Leroux Leroy Lopez Louis Lucas Mallet Marchal Marchand Martin Martinez Masson Mathieu
Menard Mercier Meunier Meyer Michel Millet Moreau Morel Morin Moulin Muller Nguyen Nicolas Noël
Olivier Paris Pasquier Payet Pelletier Perez Perrier Perrin Perrot Petit Philippe Picard Pichon
Poirier Prevost Rémy Renard Renault Rey Richard Rivière Robert Robin Roche Rodriguez Roger Rolland
Rousseau Roussel Roux Roy Royer Sanchez Schmitt Schneider Simon Sow Tessier Thomas Traoré Tran
Vasseur Vidal Vincent Weber
"""

FIRST_NAMES = tuple(_FIRST_NAMES.split())
LAST_NAMES = tuple(_LAST_NAMES.split())

# Postcodes around the fictional town, then further away; the first ones are drawn most often.
NEAR = ("35000", "35200", "35700", "35510", "35135", "35170", "35230")
FAR = ("75011", "69003", "44000", "59000", "67000", "33000", "31000", "29200", "13001", "97410")
